const express = require('express');

const app = express();
app.get('/health', (request, response) => response.json({ status: 'ok' }));
app.get('/hello/:name', (request, response) => response.type('text').send(`Hello, ${request.params.name}`));

const server = app.listen(process.env.PORT || 3000, () => console.log('listening'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
