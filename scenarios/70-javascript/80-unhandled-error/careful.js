import { connect } from 'node:net';

const begin = () => {
  const socket = connect(3000, 'server');
  socket.on('data', (data) => console.log(`${data}`));
  socket.on('error', (error) => console.log(error.message));
  socket.on('close', () => setTimeout(begin, 1000));
};

begin();
