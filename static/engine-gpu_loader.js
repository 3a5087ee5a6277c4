importScripts("./worker.js");
start("engine-gpu");
