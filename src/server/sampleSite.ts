import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The day on which the sample was last changed, so that listings show something other than today. */
const CHANGED = new Date(Date.UTC(2026, 0, 15, 9, 30));

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Café Übersee</title>
    <link rel="stylesheet" href="css/style.css" />
  </head>
  <body>
    <img src="images/logo.svg" alt="A steaming cup" width="96" height="96" />
    <h1>Café Übersee</h1>
    <p>Open from <span id="hours"></span>. Edit this page, save it, and it is on the server.</p>
    <script src="js/main.js"></script>
  </body>
</html>
`;

const STYLE = `body {
  margin: 4rem auto;
  max-width: 40rem;
  font: 1.1rem/1.5 system-ui, sans-serif;
  color: #2b2118;
  background: #fbf6ef;
}

h1 {
  color: #8a4b1f;
}
`;

const SCRIPT = `const hours = document.getElementById('hours');
hours.textContent = new Date().getDay() === 0 ? '10 to 16' : '8 to 18';
`;

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#8a4b1f" stroke-width="2">
  <path d="M6 13h16v7a7 7 0 0 1-7 7h-2a7 7 0 0 1-7-7z" />
  <path d="M22 15h2a3 3 0 0 1 0 6h-2M11 9c0-2 2-2 2-4M16 9c0-2 2-2 2-4" />
</svg>
`;

const FILES: Readonly<Record<string, string>> = {
  'index.html': PAGE,
  'css/style.css': STYLE,
  'js/main.js': SCRIPT,
  'images/logo.svg': LOGO,
  'docs/Getting started.md': '# Getting started\n\nOpen a file, change it, save it.\n',
  'docs/Öffnungszeiten.txt': 'Mo-Sa 8-18\nSo 10-16\n',
  'docs/menu/drinks/hot.csv': 'name,price\nEspresso,2.40\nCafé au lait,3.80\n',
  'docs/menu/drinks/cold.csv': 'name,price\nLemonade,3.20\n',
  '.htaccess': 'DirectoryIndex index.html\n',
};

/** Writes a small web site into a folder that does not exist yet. */
export async function writeSampleSite(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await utimes(path, CHANGED, CHANGED);
  }
  try {
    await symlink('docs', join(folder, 'latest'), 'dir');
  } catch {
    // Windows lets only privileged users make links; the site is complete without.
  }
}
