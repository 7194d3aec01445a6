# SPDX-License-Identifier: MIT
"""The programs that cosend is compared with: from Debian, and from npm."""
import json
import os
import platform
import shutil
import subprocess

# By the name in jobs.py: the program, and Debian's package; where that is too
# old, npm's (see find_ripgrep).
PACKAGES = {
    'ripgrep': ('rg', None),
    'GNU grep': ('grep', 'grep'),
    'Miller': ('mlr', 'miller'),
    'mawk': ('mawk', 'mawk'),
    'jq': ('jq', 'jq'),
    'datamash': ('datamash', 'datamash'),
    'cut': ('cut', 'coreutils'),
    'sed': ('sed', 'sed'),
}

# Those that print no names above their columns.
HEADLESS = {'mawk', 'jq', 'datamash', 'ripgrep'}

DUCKDB = '@duckdb/node-api@1.5.6-r.1'

# What is of the machine, and what takes it; both of one version.
POLARS = {'x86_64': 'nodejs-polars-linux-x64-gnu@0.26.1',
          'aarch64': 'nodejs-polars-linux-arm64-gnu@0.26.1'}
POLARS_ITSELF = 'nodejs-polars@0.26.1'

RIPGREP = {'x86_64': '@vscode/ripgrep-linux-x64@1.18.0',
           'aarch64': '@vscode/ripgrep-linux-arm64@1.18.0'}


def install(package):
    """Whether a package of Debian's is there now."""
    if not shutil.which('apt-get'):
        return False
    command = [] if os.geteuid() == 0 else ['sudo']
    command += ['apt-get', 'install', '-y', '--no-install-recommends', package]
    print(f'Installing {package}: {" ".join(command)}', flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
    return subprocess.run(command, env=environment,
                          stdout=subprocess.DEVNULL).returncode == 0


def npm_install(folder, package):
    """Where a package of npm's is in the folder, put there where it is not; or
    None."""
    place = os.path.join(os.path.abspath(folder), 'node_modules',
                         package.rsplit('@', 1)[0])
    if os.path.isdir(place):
        return place
    if not (shutil.which('npm') or install('npm')):
        print(f'{package}: no npm to install it by')
        return None
    print(f'Installing {package} into {folder}: npm install', flush=True)
    os.makedirs(folder, exist_ok=True)
    subprocess.run(['npm', 'install', '--no-audit', '--no-fund',
                    '--prefix', folder, package],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return place if os.path.isdir(place) else None


def find_ripgrep(folder):
    """Whether `rg` is now npm's: Debian's is years older."""
    package = RIPGREP.get(platform.machine())
    place = package and npm_install(folder, package)
    programs = place and os.path.join(place, 'bin')
    if not programs or not os.access(os.path.join(programs, 'rg'), os.X_OK):
        return False
    os.environ['PATH'] = programs + os.pathsep + os.environ['PATH']
    return True


def find_peers(folder):
    """The names of the peers that are there or could be installed; npm's into
    the folder."""
    found = set()
    for name, (program, package) in PACKAGES.items():
        if (shutil.which(program) or install(package) if package
                else find_ripgrep(folder)):
            found.add(name)
        else:
            print(f'{name}: not to be had, skipped')
    return found


class Database:
    """A database in a node process that takes queries, a line each."""

    def __init__(self, name, script, *arguments, **environment):
        self.name = name
        script = os.path.join(os.path.dirname(__file__), script)
        self.process = subprocess.Popen(
            ['node', script, *arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=dict(os.environ, **environment))
        self.version = self.ask()

    def ask(self, **query):
        self.process.stdin.write(json.dumps(query) + '\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise RuntimeError(f'{self.name} ended')
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class DuckDB(Database):
    """One process, which is told with each query how many threads it has."""

    def __init__(self, folder):
        self.profile = os.path.join(folder, f'profile.{os.getpid()}.json')
        super().__init__('DuckDB', 'duckdb.mjs', folder, self.profile)

    def seconds(self, threads, job, query, output):
        return float(self.ask(threads=threads, query=query, copy=job.copy,
                              output=output))

    def close(self):
        super().close()
        if os.path.exists(self.profile):
            os.remove(self.profile)


class Polars:
    """A process for each number of threads."""
    name = 'Polars'

    def __init__(self, folder):
        self.processes = [Database(self.name, 'polars.mjs', folder,
                                   POLARS_MAX_THREADS=str(threads))
                          for threads in (1, 2)]
        self.version = self.processes[0].version

    def seconds(self, threads, job, query, output):
        return float(self.processes[threads - 1].ask(query=query,
                                                     output=output))

    def close(self):
        for process in self.processes:
            process.close()


def find_database(kind, folder, packages):
    """One of a kind, installed into the folder where it is not; or None."""
    folder = os.path.abspath(folder)
    if all(package and npm_install(folder, package) for package in packages):
        try:
            return kind(folder)
        except (OSError, RuntimeError, ValueError):
            pass
    print(f'{kind.__name__}: not to be had, skipped')
    return None


def find_databases(folder):
    """Those that are there or could be installed into the folder."""
    polars = POLARS.get(platform.machine())
    return [database for database in (
        find_database(DuckDB, folder, [DUCKDB]),
        find_database(Polars, folder, [POLARS_ITSELF, polars])) if database]


def version(name):
    program = PACKAGES[name][0]
    option = '-W version' if name == 'mawk' else '--version'
    said = subprocess.run([program, *option.split()], capture_output=True,
                          text=True)
    words = (said.stdout + said.stderr).replace('-', ' ').split()
    return next((word.strip(',') for word in words if word[0].isdigit()), '')
