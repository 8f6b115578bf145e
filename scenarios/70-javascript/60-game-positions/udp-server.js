import { createSocket } from 'node:dgram';

const socket = createSocket('udp4');
let last = 0;
let came = 0;

socket.on('message', (message) => {
  const step = Number(message);
  came += 1;
  for (last += 1; last < step; last += 1) {
    console.log(`UDP: ${last} never came`);
  }
});

socket.bind(7000);
setTimeout(() => console.log(`UDP: ${came} of 30 came`), 5500);
