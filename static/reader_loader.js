importScripts("./worker.js");
start("reader");
