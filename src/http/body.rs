//! stub
use crate::error::*;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
macro_rules! stub { ($($n:ident)*) => {$(
pub struct $n<T>(T,[u8;32]);
impl<T> $n<T> { pub fn digest(&self)->[u8;32]{self.1} pub fn into_inner(self)->T{self.0} }
impl<T> std::ops::Deref for $n<T> { type Target=T; fn deref(&self)->&T{&self.0} }
impl<T: 'static> FromRequest for $n<T> { type Error=Error; type Future=std::future::Ready<Result<Self>>; fn from_request(_:&HttpRequest,_:&mut Payload)->Self::Future{ std::future::ready(Err(Error::NotFound)) } }
)*}}
stub! {Json MergePatch}
