"""The tables: people, clients, codes and tokens, from Authlib's mixins for SQLAlchemy."""

from authlib.integrations.sqla_oauth2 import OAuth2AuthorizationCodeMixin, OAuth2ClientMixin, OAuth2TokenMixin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Text
from sqlalchemy.orm import relationship

database = SQLAlchemy(session_options={"expire_on_commit": False})


class User(database.Model):
    """A person."""

    __tablename__ = "users"
    id = Column(String(36), primary_key=True)
    username = Column(String(64), unique=True, nullable=False)
    password_hash = Column(Text, nullable=False)
    claims = Column(JSON, nullable=False)

    def get_user_id(self) -> str:
        return self.id


class Client(database.Model, OAuth2ClientMixin):
    """A client."""

    __tablename__ = "clients"
    id = Column(Integer, primary_key=True)


class AuthorizationCode(database.Model, OAuth2AuthorizationCodeMixin):
    """A code, deleted when it is exchanged."""

    __tablename__ = "codes"
    id = Column(Integer, primary_key=True)
    user_id = Column(String(36), ForeignKey("users.id", ondelete="CASCADE"))


class Token(database.Model, OAuth2TokenMixin):
    """An access token, and the refresh token that came with it."""

    __tablename__ = "tokens"
    id = Column(Integer, primary_key=True)
    user_id = Column(String(36), ForeignKey("users.id", ondelete="CASCADE"))
    user = relationship("User")
    client = relationship(
        "Client", primaryjoin="foreign(Token.client_id) == Client.client_id", viewonly=True, uselist=False
    )

    def get_user(self) -> User:
        return self.user

    def get_client(self) -> Client:
        return self.client
