// What programs of each kind do at their start, and how many thousands of octets of the library
// that may load beyond what every program has: the engine compiles about ten in a millisecond.

export const starts = [
  ['console', 3, (library) => {
    library('console').log('100 %');
    library('console').error('five', 5, true, null, undefined);
  }],
  ['socket.io', 45, (library) => {
    const { Server } = library('socket.io');
    const io = new Server(3000);
    io.on('connection', () => {});
  }],
  ['socket.io-client', 35, (library) => {
    const { io } = library('socket.io-client');
    const socket = io('http://server:3000', { auth: { name: 'alice' } });
    socket.on('connect', () => {});
    socket.emit('say', 'hello');
  }],
  ['ws on a port', 55, (library) => {
    const { WebSocketServer } = library('ws');
    new WebSocketServer({ port: 3000 }).on('connection', () => {});
  }],
  ['ws to a server', 45, (library) => {
    const WebSocket = library('ws');
    new WebSocket('ws://server:3000/news?of=today').on('message', () => {});
  }],
  ['websocket', 30, (library) => {
    const { WebSocket } = library('websocket');
    new WebSocket('ws://10.0.0.1:3000').addEventListener('message', () => {});
  }],
  ['fetch', 30, (library) => {
    library('fetch').fetch('http://server:3000/news?since=1');
  }],
  ['http', 80, (library) => {
    library('http').createServer((request, response) => response.end('hi')).listen(3000);
  }],
  ['net, a server', 70, (library) => {
    library('net').createServer(() => {}).listen(3000);
  }],
  ['net, a client', 85, (library) => {
    const socket = library('net').connect(3000, 'server', () => {});
    socket.on('data', () => {});
    socket.write('hello');
  }],
];
