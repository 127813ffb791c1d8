// The two usual servers of the Node world: node rooms.js PORT ws|socket.io; one room, one door.
// It is run where npm has put both packages, and shares one HTTP server with the door.
const http = require("http");
const [port, kind] = process.argv.slice(2);

let publish;
const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    publish(Buffer.concat(parts).toString());
    response.setHeader("Content-Length", 0);
    response.end();
  });
});

if (kind === "ws") {
  const { WebSocketServer } = require("ws");
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  publish = (text) => {
    for (const client of sockets.clients) client.send(text);
  };
} else {
  const { Server } = require("socket.io");
  const sockets = new Server(server, { transports: ["websocket"], pingInterval: 120000 });
  sockets.on("connection", (client) => client.join("poll"));
  publish = (text) => sockets.to("poll").emit("tally", JSON.parse(text));
}
server.listen(+port, "127.0.0.1", 4096);
