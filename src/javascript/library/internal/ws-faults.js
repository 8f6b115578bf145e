// What the WebSocket machine says of a failure, in the words of the package ws.

const errors = require('internal/net-errors');

const FRAME = 'Invalid WebSocket frame: ';

/** By the machine's sentence: the kind of error, ws's sentence, ws's code. */
const FAULTS = {
  'a client must mask': [RangeError, `${FRAME}MASK must be set`, 'EXPECTED_MASK'],
  'a server must not mask': [RangeError, `${FRAME}MASK must be clear`, 'UNEXPECTED_MASK'],
  'a reserved bit is set': [RangeError, `${FRAME}RSV1 must be clear`, 'UNEXPECTED_RSV_1'],
  'the opcode means nothing': [RangeError, `${FRAME}invalid opcode`, 'INVALID_OPCODE'],
  'a continuation of nothing': [RangeError, `${FRAME}invalid opcode 0`, 'INVALID_OPCODE'],
  'a message begins within a message': [RangeError, `${FRAME}invalid opcode`, 'INVALID_OPCODE'],
  'a control frame comes in fragments': [RangeError, `${FRAME}FIN must be set`, 'EXPECTED_FIN'],
  'a control frame has more than 125 octets':
    [RangeError, `${FRAME}invalid payload length`, 'INVALID_CONTROL_PAYLOAD_LENGTH'],
  'a Close frame has half a code':
    [RangeError, `${FRAME}invalid payload length 1`, 'INVALID_CONTROL_PAYLOAD_LENGTH'],
  'text that is not UTF-8': [Error, `${FRAME}invalid UTF-8 sequence`, 'INVALID_UTF8'],
  'a message is too large':
    [RangeError, 'Max payload size exceeded', 'UNSUPPORTED_MESSAGE_LENGTH'],
  'a frame is too large':
    [RangeError, 'Max payload size exceeded', 'UNSUPPORTED_MESSAGE_LENGTH'],
};

/** The error of `ws.failed`: of the system, of an answer that is no WebSocket, of a frame. */
module.exports = (message, status, address, port) => {
  if (status) return new Error(`Unexpected server response: ${status}`);
  if (message === 'ECONNRESET') return errors.coded(Error, message, 'socket hang up');
  if (/^E[A-Z]+$/.test(message)) return errors.system(message, 'connect', address, port);
  const closing = /^(\d+) is no code for a Close frame$/.exec(message);
  const [Kind, words, code] = closing
    ? [RangeError, `${FRAME}invalid status code ${closing[1]}`, 'INVALID_CLOSE_CODE']
    : FAULTS[message] ?? [Error, message];
  return code ? errors.coded(Kind, `WS_ERR_${code}`, words) : new Kind(words);
};
