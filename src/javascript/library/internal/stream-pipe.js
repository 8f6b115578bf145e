// `pipe`: what a source has goes on into a target, no faster than the target takes it.

const { owned } = require('internal/symbols');

exports.pipe = (source, target, options) => {
  const state = source._readableState;
  state.pipes.push(target);
  const undo = [];
  const listen = (emitter, event, listener, method = 'on') => {
    emitter[method](event, owned(listener));
    undo.push(() => emitter.removeListener(event, listener));
  };
  const drained = owned(() => {
    state.awaitDrainWriters.delete(target);
    if (state.awaitDrainWriters.size === 0 && source.listenerCount('data') > 0) source.resume();
  });
  const wait = () => {
    state.awaitDrainWriters.add(target);
    source.pause();
    target.on('drain', drained);
  };
  const cleanUp = () => {
    for (const step of undo.splice(0)) step();
    target.removeListener('drain', drained);
    // A target that is gone must not keep the source waiting for the others.
    if (state.awaitDrainWriters.has(target) && !target._writableState?.needDrain) drained();
  };
  const leave = () => source.unpipe(target);

  listen(target, 'unpipe', (from, info) => {
    if (from !== source || info?.cleaned) return;
    info.cleaned = true;
    cleanUp();
  });
  listen(source, 'data', (chunk) => {
    target.removeListener('drain', drained);
    if (target.write(chunk) === false) wait();
  });
  if (options?.end === false) listen(source, 'end', leave, 'once');
  else listen(source, 'end', () => target.end(), 'once');
  const onError = (error) => {
    leave();
    target.removeListener('error', onError);
    if (target.listenerCount('error') === 0) target.destroy(error);
  };
  listen(target, 'error', onError, 'prependListener');
  listen(target, 'close', leave, 'once');
  listen(target, 'finish', leave, 'once');
  target.emit('pipe', source);
  if (target.writableNeedDrain === true) wait();
  else if (!state.flowing) source.resume();
  return target;
};

exports.unpipe = (source, target) => {
  const state = source._readableState;
  const leaving = state.pipes.filter((pipe) => target === undefined || pipe === target);
  state.pipes = state.pipes.filter((pipe) => !leaving.includes(pipe));
  if (leaving.length > 0 && state.pipes.length === 0) source.pause();
  for (const pipe of leaving) pipe.emit('unpipe', source, { cleaned: false });
  return source;
};
