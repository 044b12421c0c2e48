//! Where an image begins, on each architecture.
//!
//! It runs once and ends never; its statics are borrowed for ever, without a check. Not here: what an image does.

/// The entry of an image: `firmware! { NAME: Type = value; … => body }`; the body has each name as `&'static mut Type`.
#[macro_export]
macro_rules! firmware {
    ($($name:ident: $type:ty = $value:expr;)* => $body:block) => {
        #[$crate::rt::entry]
        #[allow(non_snake_case)] // they read like the statics that they are
        fn main() -> ! {
            $(let $name: &'static mut $type = {
                static mut $name: $type = $value;
                // SAFETY: the start-up code calls this function once, and nothing else can name the static.
                unsafe { &mut *(&raw mut $name) }
            };)*
            $body
        }
    };
}
