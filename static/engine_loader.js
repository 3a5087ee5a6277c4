importScripts("./worker.js");
start("engine");
