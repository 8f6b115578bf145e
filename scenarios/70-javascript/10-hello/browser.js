import { io } from 'socket.io-client';

const socket = io('ws://server:3000', { transports: ['websocket'] });

socket.on('chat', (text) => {
  console.log(`the server says ${text}`);
  socket.emit('chat', 'hello');
});
