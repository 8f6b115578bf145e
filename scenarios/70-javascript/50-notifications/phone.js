import { io } from 'socket.io-client';

const socket = io('http://server:3000', {
  transports: ['websocket'],
  timeout: 300,
  reconnectionDelay: 100,
  reconnectionDelayMax: 100,
});

socket.on('connect', () => console.log('connected'));
socket.on('disconnect', (reason) => console.log(`away: ${reason}`));

socket.on('letter', (letter, read) => {
  console.log(letter);
  read();
});
