// readable-stream takes `nextTick` from here; the npm package's own waits for a timer.
module.exports = { nextTick: (task, ...values) => queueMicrotask(() => task(...values)) };
