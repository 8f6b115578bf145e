import { connect } from 'node:net';

const socket = connect(7000, 'server');
socket.setNoDelay(true);

for (let step = 1; step <= 30; step += 1) {
  setTimeout(() => socket.write(`${step}\n`), step * 100);
}
