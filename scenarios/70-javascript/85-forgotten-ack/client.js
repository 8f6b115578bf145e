import { io } from 'socket.io-client';

const socket = io('http://server:3000', { transports: ['websocket'] });

const save = (text) => {
  socket.timeout(1000).emit('save', text, (error, answer) => {
    console.log(`${text || 'nothing'}: ${error?.message ?? answer}`);
  });
};

save('a letter');
save('');

console.log('and now without a time limit');
await socket.emitWithAck('save', '');
console.log('this line never runs');
