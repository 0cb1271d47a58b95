// Which program builds and runs the images here, and where their bases come from.

import { Bases } from './bases.mjs';
import { Buildah } from './buildah.mjs';
import { Docker } from './docker.mjs';
import { has, output, registryAnswers, stop } from './host.mjs';

const answers = async (program) => {
  try {
    await output(program, ['info'], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
};

/** Docker or Podman where one answers, else Buildah; and what makes the bases. Ends with one line where neither can be. */
export async function prepared() {
  let engine;
  for (const program of ['docker', 'podman']) if (!engine && (await answers(program))) engine = new Docker(program);
  if (!engine) {
    if (process.platform !== 'linux') stop('images need Docker or Podman here: start one of them');
    if (process.getuid() !== 0) stop('neither docker nor podman answers, and Buildah needs root: start one of them, or run this as root');
    for (const program of ['buildah', 'unshare']) {
      if (!has(program)) stop(`neither docker nor podman answers, and ${program} is not installed (on Debian: apt-get install buildah debootstrap)`);
    }
    engine = new Buildah();
  }
  const pulls = await registryAnswers();
  engine.pulls = pulls;
  if (!pulls && engine.name !== 'buildah') stop(`no image registry answers, and stand-ins for its images are made with Buildah only: stop ${engine.name}, or let it reach Docker Hub`);
  if (!pulls && !has('debootstrap')) stop('no image registry answers, and stand-ins for its images need debootstrap (on Debian: apt-get install debootstrap)');
  process.stdout.write(
    `${engine.name} builds and runs the images. ` +
      (pulls ? 'Bases come from Docker Hub.\n' : 'No image registry answers: bases are stand-ins made of Debian packages, under the official names.\n'),
  );
  return { engine, bases: new Bases(engine, pulls) };
}
