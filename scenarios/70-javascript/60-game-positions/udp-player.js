import { createSocket } from 'node:dgram';

const socket = createSocket('udp4');

for (let step = 1; step <= 30; step += 1) {
  setTimeout(() => socket.send(`${step}`, 7000, 'server'), step * 100);
}
