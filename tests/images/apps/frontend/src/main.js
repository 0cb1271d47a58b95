import { ships } from './ships.js';

document.querySelector('h1').textContent = `${ships.length} ships`;
