let known = 0;
let requests = 0;
let octets = 0;

setInterval(async () => {
  const response = await fetch(`http://server:3000/news/${known}`);
  const body = await response.text();
  requests += 1;
  octets += body.length;
  for (const text of JSON.parse(body)) {
    known += 1;
    console.log(`${text} (requests: ${requests}, octets: ${octets})`);
  }
}, 1000);
