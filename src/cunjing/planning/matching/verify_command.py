"""The command `match verify`: no solver is loaded."""

from argparse import Namespace
from pathlib import Path

from cunjing.planning.matching.verify import verify_match
from cunjing.policy.errors import RequestError


def verify(arguments: Namespace) -> str:
    """One line when the folder is sound; InputError with all that is wrong."""
    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise RequestError(f"没有“{folder}”这个文件夹")
    certificate = verify_match(folder)
    if certificate.balance is not None:
        return (
            f"{folder}：方案可行，总分 {certificate.primal}；按均衡排的，"
            f"比不均衡的最低分高 {certificate.primal - certificate.dual}\n"
        )
    return f"{folder}：核对无误，总分 {certificate.primal}，证明不能更低（差距 0）\n"
