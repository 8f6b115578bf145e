import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const news = [];
const waiting = [];

// GET /news/1: the news from number 1 on, perhaps none.
// GET /next/1: the same, but not before there is some.
const server = createServer((request, response) => {
  const [, what, from] = request.url.split('/');
  const answer = () => response.end(JSON.stringify(news.slice(from)));
  if (what === 'next' && news.length <= from) waiting.push(answer);
  else answer();
});

const listeners = new WebSocketServer({ server }).clients;

const publish = (text) => {
  news.push(text);
  for (const answer of waiting.splice(0)) answer();
  for (const socket of listeners) socket.send(text);
  console.log(`${text}: told to ${listeners.size} without being asked`);
};

server.listen(3000);
setTimeout(publish, 2600, 'rain');
setTimeout(publish, 4600, 'sun');
