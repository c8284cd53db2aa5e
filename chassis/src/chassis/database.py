"""Which driver speaks to MongoDB, and which of its errors pass? motor is named here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from gridfs.errors import NoFile
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
    AsyncIOMotorGridFSBucket,
)
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WriteConcernError,
)

from chassis.refusals import Unavailable

#: What the driver gives, by names that outlive it.
Database: TypeAlias = AsyncIOMotorDatabase[Any]
Collection: TypeAlias = AsyncIOMotorCollection[Any]
DriverError: TypeAlias = PyMongoError
Bucket: TypeAlias = AsyncIOMotorGridFSBucket
FileMissing: TypeAlias = NoFile

#: Server codes that pass by themselves: not primary, stepping down, shutting down, interrupted, write conflict, …
_PASSING = {
    6, 7, 24, 63, 64, 89, 91, 100, 112, 133, 134, 150, 189, 202, 234, 262,
    9001, 10058, 10107, 11600, 11602, 13435, 13436,
}  # fmt: skip
#: The disk is full or not to be written, or the login is refused. They pass when an operator has acted: a mistake in
#: a password must not turn every message into a dead letter.
_OPERATOR = {14031, 28, 13, 18}


def connect(url: str) -> AsyncIOMotorClient[Any]:
    """A client whose writes are journaled by a majority and whose reads and writes are tried again once."""
    return AsyncIOMotorClient(
        url,
        tz_aware=True,
        w="majority",
        journal=True,
        retryWrites=True,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=3_000,
        connectTimeoutMS=3_000,
        socketTimeoutMS=20_000,
        maxPoolSize=20,
    )


def bucket(database: Database, name: str) -> Bucket:
    """GridFS: files in pieces, for what is more than a document takes; as durable as all else."""
    return AsyncIOMotorGridFSBucket(database, name)


def as_held(collection: Collection) -> Collection:
    """The documents as they are held, unread: what cannot be read stops nobody (``chassis.stored``)."""
    return collection.with_options(codec_options=CodecOptions(document_class=RawBSONDocument))


def passing(code: object) -> bool:
    """Whether a server error of this code passes by itself or when an operator has acted."""
    return code in _PASSING | _OPERATOR


def transient(error: BaseException) -> bool:
    """Whether the same operation may succeed later with nothing changed by us."""
    if isinstance(error, Unavailable | ConnectionFailure | NetworkTimeout | WaitQueueTimeoutError | ExecutionTimeout):
        return True
    if isinstance(error, BulkWriteError):
        details = error.details or {}
        codes = {e.get("code") for e in details.get("writeErrors", [])}
        return bool(details.get("writeConcernErrors")) or bool(codes & (_PASSING | _OPERATOR))
    if isinstance(error, WriteConcernError):
        return True
    if isinstance(error, OperationFailure):
        return passing(error.code) or error.has_error_label("RetryableWriteError")
    return isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError")


async def insert_until_taken(collection: Collection, documents: list[dict[str, Any]]) -> int:
    """Inserts in order, up to the first whose ``_id`` is taken; returns how many stand. Errors: those of the driver."""
    try:
        await collection.insert_many(documents)
    except BulkWriteError as error:
        failures = (error.details or {}).get("writeErrors", [])
        if len(failures) != 1 or failures[0].get("code") != 11000 or error.details.get("writeConcernErrors"):
            raise
        return int(error.details["nInserted"])
    return len(documents)


async def insert_missing(collection: Collection, documents: list[dict[str, Any]]) -> None:
    """Inserts those whose ``_id`` is not taken; what stands, stands. Errors: those of the driver."""
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        details = error.details or {}
        taken = all(one.get("code") == 11000 for one in details.get("writeErrors", []))
        if not taken or details.get("writeConcernErrors"):
            raise


@contextmanager
def unavailable() -> Iterator[None]:
    """Turns a passing driver error into ``Unavailable``."""
    try:
        yield
    except PyMongoError as error:
        if transient(error):
            raise Unavailable(type(error).__name__) from error
        raise
