FROM node:20
WORKDIR /app
COPY package*.json ./
RUN npm install
RUN npm install -g typescript@5.7.2
RUN npm install -g pnpm@9.15.0
COPY . .
