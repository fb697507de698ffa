"""The instances that cases are run on, in memory and as files."""

import shutil
from pathlib import Path

import numpy as np

from benchmarks.measure import metneed
from benchmarks.programme import Programme
from metneed.instances.generators import BENCHMARKS, generate
from metneed.instances.generators.family import identifiers
from metneed.instances.generators.pisinger import PisingerOptions
from metneed.models.instance import Users
from metneed.models.problem import Problem
from metneed.models.scenario import Packages
from metneed.models.units import Units

SEED = 1


def problem(
    family: str,
    users: int,
    packages: Packages,
    seed: int = SEED,
    options: PisingerOptions | None = None,
) -> Problem:
    """A problem in memory; the benchmark families have ten packages a user and half the money."""
    if family not in BENCHMARKS:
        made = Problem.of(generate(family, users=users, seed=seed).instance())
        return made.replace(packages=packages)
    menus, budget = BENCHMARKS[family].menus(users, seed, options)
    people = Users(ids=identifiers("U", users), need=menus.best_met_need)
    units = Units(money_decimals=0, need_decimals=0)
    return Problem(people, menus, budget, budget, packages=packages, units=units)


def programme(family: str, users: int, packages: Packages) -> Programme:
    """The same as the programme that contestants are given; at most one package a user."""
    made = problem(family, users, packages)
    assert made.choice == "at_most_one"
    menus = made.menus
    parts = packages == "divisible"
    return Programme(menus.offsets, menus.cost, menus.value, made.allocable, parts)


def afresh(problem: Problem) -> Problem:
    """The same problem with menus that remember nothing: no hull and no frontier yet."""
    return problem.replace(menus=problem.menus.replace())


def budgets(problem: Problem, count: int) -> list[int]:
    """Other budgets, spread evenly from 60 to 140 % of the problem's own."""
    shares = np.linspace(0.6, 1.4, count)
    return [int(problem.allocable * share) for share in shares]


def folder(work: Path, family: str, users: int, *, parquet: bool) -> Path:
    """A folder with the instance, written by `metneed generate` unless it is there already."""
    path = work / f"{family}-{users}-{'parquet' if parquet else 'csv'}"
    if not path.exists():
        flags = ["--parquet"] if parquet else []
        metneed("generate", family, "--users", users, "--seed", SEED, "--out", path, *flags)
    return path


def divisible(instance: Path) -> Path:
    """The same instance with part packages allowed, beside it unless it is there already."""
    path = instance.with_name(f"{instance.name}-divisible")
    if not path.exists():
        shutil.copytree(instance, path)
        scenario = path / "scenario.toml"
        text = scenario.read_text(encoding="utf-8")
        assert 'packages = "whole"' in text
        changed = text.replace('packages = "whole"', 'packages = "divisible"')
        scenario.write_text(changed, encoding="utf-8")
    return path
