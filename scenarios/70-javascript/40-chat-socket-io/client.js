import { io } from 'socket.io-client';

const [name, room, how, words, when] = process.argv.slice(2);
const socket = io('http://server:3000', { auth: { name, room } });

socket.on('connect', () => {
  setTimeout(() => socket.emit(how, words), when);
  setTimeout(() => socket.disconnect(), 2500);
});

socket.on('said', (from, text) => console.log(`${from}: ${text}`));
