// Which program builds and runs the images here, and where their bases come from.

import { Bases } from './bases.mjs';
import { Buildah } from './buildah.mjs';
import { Docker } from './docker.mjs';
import { debianAnswers, debianMirror, has, output, registryAnswers, stop } from './host.mjs';

const answers = async (program) => {
  try {
    await output(program, ['info'], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
};

/**
 * Docker or Podman where one answers, else Buildah; and what makes the bases. Stand-ins for them are made with Buildah
 * alone. Ends with one line where neither can be.
 */
export async function prepared() {
  const pulls = await registryAnswers();
  if (!pulls && !(await debianAnswers())) stop(`images need the network: neither Docker Hub nor Debian's archive at ${debianMirror()} answers`);
  let engine;
  if (pulls) for (const program of ['docker', 'podman']) if (!engine && (await answers(program))) engine = new Docker(program);
  if (!engine) {
    const why = pulls ? 'neither docker nor podman answers, so Buildah is needed' : 'no image registry answers, so Buildah has to make stand-ins for base images';
    if (process.platform !== 'linux') stop(`${why}, and that runs on Linux only`);
    if (process.getuid() !== 0) stop(`${why}, as root: run this as root`);
    for (const program of ['buildah', 'unshare', ...(pulls ? [] : ['debootstrap'])]) {
      if (!has(program)) stop(`${why}: ${program} is not installed (on Debian: apt-get install buildah debootstrap util-linux)`);
    }
    engine = new Buildah();
    engine.pulls = pulls;
    await engine.makeRoom();
  }
  process.stdout.write(
    `${engine.name} builds and runs the images. ` +
      (pulls ? 'Bases come from Docker Hub.\n' : 'No image registry answers: bases are stand-ins made of Debian packages, under the official names.\n'),
  );
  return { engine, bases: new Bases(engine, pulls) };
}
