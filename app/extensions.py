"""Flask extensions, unattached: `create_app` attaches them."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    """Root of the models. Every constraint has a name, so that a migration can say which one it changes."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=False, strategy="moving-window")
