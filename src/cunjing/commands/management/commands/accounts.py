"""`cunjing accounts add`: the first account of a county, which nobody above it can make."""

import secrets
import sys
from argparse import ArgumentParser
from datetime import date
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cunjing.accounts.actions import create_user, grant_role
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem, invalid
from cunjing.kernel.access import Actor
from cunjing.places.queries import units

SECRET_BYTES = 12


class Command(BaseCommand):
    """Make an account with one role over one unit; its owner changes the password at once."""

    help = "建立账号：第一个账号在服务器上建立，以后的在“账号”页建立"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One act: `add`."""
        acts = parser.add_subparsers(dest="act", required=True, title="操作")
        add = acts.add_parser(
            "add",
            help="建立一个账号并授权",
            description="初始密码：终端上输入（不回显），或从标准输入读一行，或加 --generate。",
        )
        add.add_argument("--username", required=True, help="登录名，例如警号")
        add.add_argument("--name", required=True, help="姓名")
        roles = "、".join(f"{role.value}（{role.label}）" for role in Role)
        add.add_argument("--role", required=True, help=f"角色：{roles}")
        add.add_argument("--unit", required=True, help="单位代码，县局为6位县级代码")
        add.add_argument("--from", dest="valid_from", default="", help="授权起日，默认今天")
        add.add_argument("--generate", action="store_true", help="由系统给出初始密码，只显示这一次")

    def handle(self, **options: object) -> None:
        """Make account and grant, or neither; a refusal ends with status 2."""
        given = {name: str(value) for name, value in options.items()}
        try:
            role, valid_from = _role(given["role"]), _day(given["valid_from"])
            unit_name = _unit_name(given["unit"])
            secret = secrets.token_urlsafe(SECRET_BYTES) if options["generate"] else ""
            _add(given, role=role, valid_from=valid_from, password=secret or _asked())
        except Problem as problem:
            faults = "".join(f"\n  {fault.message}" for fault in problem.faults)
            raise CommandError(f"{problem.detail}{faults}", returncode=2) from problem
        self.stdout.write(
            f"已建立账号 {given['username']}：{unit_name}，{role.label}，自 {valid_from} 起。"
            "首次登录须修改密码。"
        )
        if secret:
            self.stdout.write(f"初始密码（只显示这一次）：{secret}")


def _add(given: dict[str, str], *, role: Role, valid_from: date, password: str) -> None:
    actor = Actor.for_system("accounts add")
    with transaction.atomic():
        user = create_user(
            actor=actor,
            username=given["username"],
            display_name=given["name"],
            password=password,
            unit_code=given["unit"],
        )
        grant_role(
            actor=actor,
            user_id=user.pk,
            role=role,
            unit_code=given["unit"],
            valid_from=valid_from,
        )


def _asked() -> str:
    """The first password: typed twice without echo, or one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("初始密码（至少10位，不回显）：")
    if getpass("再输入一次：") != password:
        raise invalid("两次输入的密码不一样，账号没有建立，请重新运行。")
    return password


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise invalid(f"没有角色“{text}”，请写 {'、'.join(Role.values)} 之一。") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise invalid(f"日期“{text}”读不懂，请写成 2026-09-30 的样子。") from error


def _unit_name(code: str) -> str:
    unit = units(actor=Actor.for_system("accounts add")).filter(code=code).first()
    if unit is None:
        raise invalid(
            f"没有代码为{code}的单位。请先运行 cunjing divisions import 和 cunjing units seed，"
            "或核对代码。"
        )
    return unit.name
