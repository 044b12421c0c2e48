//! How a struct of C becomes the key and the value of a fact: a list of steps, each a field and the way it is written.
//!
//! Promise: the bytes are those of the fact of the same name in the crate `tidings`, which a test holds over any structs; a step can only name a
//! field of its type. Not here: which pointers are let in (`borrowed`), and who takes the fact (`told`).
//!
//! One walk over data for all kinds takes a device less flash than a conversion and a codec for each.

use crate::borrowed::{Door, TIDINGS_MAX_ADDRESSES, TIDINGS_MAX_LIST, flag, tidings_bytes_t};
use crate::facts::scalar::tidings_scalar_t;
use crate::registry::{
    TIDINGS_SCALAR_BOOL, TIDINGS_SCALAR_BYTES, TIDINGS_SCALAR_ENUM, TIDINGS_SCALAR_HASH, TIDINGS_SCALAR_INT,
    TIDINGS_SCALAR_TEXT, TIDINGS_SCALAR_UNKNOWN, TIDINGS_SCALAR_UNSUPPORTED,
};
use crate::status::{Outcome, Refusal, TIDINGS_E_TEXT, TIDINGS_E_TOO_LONG, TIDINGS_E_VALUE};
use tidings::facts::Part;
use tidings::wire::fields::Encoder;
use tidings::{Fact, Kind};

/// What a step does with its field.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Does {
    /// Writes one byte.
    Byte,
    /// Writes a `u16` as a varint.
    Short,
    /// Writes a `u32` as a varint.
    Word,
    /// Writes a `u64` as a varint.
    Long,
    /// Writes an `i32` as a varint, zigzag.
    Int,
    /// Writes an `i64` as a varint, zigzag.
    LongInt,
    /// Writes a `tidings_scalar_t`.
    Scalar,
    /// Writes a text and its length.
    Text,
    /// Writes bytes and their length.
    Bytes,
    /// Writes a list of texts; its count follows the pointer.
    Texts,
    /// Writes a list of addresses, as `Texts`.
    Addresses,
    /// Writes bytes as they are.
    Raw,
    /// Writes a `u16` as two bytes, the higher first.
    BigEndian,
    /// Writes one byte with its highest bit set.
    Hashed,
    /// Chooses among the steps of `When` by a byte up to 2, and writes nothing.
    Choose,
    /// As `Choose`, and writes the byte.
    Tag,
    /// As `Choose`, by whether a `u16` is 0, which it writes as a varint: 0 if it is, else 1.
    Metric,
    /// The steps from here on are for this choice alone.
    When,
    /// The steps from here on are for every choice.
    Always,
}

/// A step: what, and where in the struct; with [`Does::When`], which choice.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    does: Does,
    at: u8,
}

/// The most that a choice can be.
const LAST_CHOICE: u8 = 2;

impl Step {
    pub const fn new(does: Does, at: usize) -> Self {
        assert!(at <= u8::MAX as usize, "a field past the first 256 bytes");
        Self { does, at: at as u8 }
    }

    /// A number, by its type.
    pub const fn number<T, F: Number>(_: fn(&T) -> &F, at: usize) -> Self {
        Self::new(F::DOES, at)
    }

    /// A field of a type that `does` can read.
    pub const fn of<T, F>(_: fn(&T) -> &F, does: Does, at: usize) -> Self {
        Self::new(does, at)
    }

    /// A list: a pointer, and next to it the count.
    pub const fn list<T>(
        _: fn(&T) -> &*const tidings_bytes_t,
        _: fn(&T) -> &usize,
        does: Does,
        [first, count]: [usize; 2],
    ) -> Self {
        assert!(count == first + size_of::<usize>(), "the count of a list follows its pointer");
        Self::new(does, first)
    }
}

/// A type that a step writes by itself.
pub(crate) trait Number {
    const DOES: Does;
}

macro_rules! numbers {
    ($($number:ty: $does:ident,)*) => {
        $(impl Number for $number {
            const DOES: Does = Does::$does;
        })*
    };
}

numbers! { u8: Byte, i8: Byte, u16: Short, u32: Word, u64: Long, i32: Int, i64: LongInt, tidings_scalar_t: Scalar, }

/// One step in words; see [`Does`].
macro_rules! step {
    ($fact:ty, number $field:ident) => {
        $crate::form::Step::number::<$fact, _>(|fact| &fact.$field, core::mem::offset_of!($fact, $field))
    };
    ($fact:ty, text $field:ident) => { $crate::form::step!($fact, tidings_bytes_t, Text, $field) };
    ($fact:ty, bytes $field:ident) => { $crate::form::step!($fact, tidings_bytes_t, Bytes, $field) };
    ($fact:ty, raw $field:ident) => { $crate::form::step!($fact, tidings_bytes_t, Raw, $field) };
    ($fact:ty, big_endian $field:ident) => { $crate::form::step!($fact, u16, BigEndian, $field) };
    ($fact:ty, hashed $field:ident) => { $crate::form::step!($fact, u8, Hashed, $field) };
    ($fact:ty, choose $field:ident) => { $crate::form::step!($fact, u8, Choose, $field) };
    ($fact:ty, tag $field:ident) => { $crate::form::step!($fact, u8, Tag, $field) };
    ($fact:ty, metric $field:ident) => { $crate::form::step!($fact, u16, Metric, $field) };
    ($fact:ty, texts $field:ident $count:ident) => { $crate::form::step!(@list $fact, Texts, $field, $count) };
    ($fact:ty, addresses $field:ident $count:ident) => { $crate::form::step!(@list $fact, Addresses, $field, $count) };
    ($fact:ty, when $choice:expr) => { $crate::form::Step::new($crate::form::Does::When, $choice as usize) };
    ($fact:ty, always) => { $crate::form::Step::new($crate::form::Does::Always, 0) };
    (@list $fact:ty, $does:ident, $field:ident, $count:ident) => {
        $crate::form::Step::list::<$fact>(
            |fact| &fact.$field,
            |fact| &fact.$count,
            $crate::form::Does::$does,
            [core::mem::offset_of!($fact, $field), core::mem::offset_of!($fact, $count)],
        )
    };
    ($fact:ty, $type:ty, $does:ident, $field:ident) => {
        $crate::form::Step::of::<$fact, $type>(
            |fact| &fact.$field,
            $crate::form::Does::$does,
            core::mem::offset_of!($fact, $field),
        )
    };
}

/// The form of a struct: its kind, the steps of its key, the steps of its value.
macro_rules! form {
    ($fact:ty, $kind:expr, [$(($($key:tt)*))*], [$(($($value:tt)*))*]) => {
        impl $crate::form::Formed for $fact {
            const FORM: &'static $crate::form::Form = {
                const KEYS: usize = [$($crate::form::step!($fact, $($key)*)),*].len();
                &$crate::form::Form::of::<$fact>($kind, KEYS, &[
                    $($crate::form::step!($fact, $($key)*),)*
                    $($crate::form::step!($fact, $($value)*),)*
                ])
            };
        }
    };
}

pub(crate) use {form, step};

/// In [`Form::of`]: the struct begins with its kind.
pub(crate) const OWN_KIND: Kind = Kind(u8::MAX);

/// What the one path must know of a struct: how much of memory it is, and how it is written.
pub(crate) struct Form {
    size: u8,
    align: u8,
    kind: Kind,
    keys: u8,
    steps: &'static [Step],
}

impl Form {
    pub const fn of<T: Formed>(kind: Kind, keys: usize, steps: &'static [Step]) -> Self {
        assert!(size_of::<T>() <= u8::MAX as usize && keys <= steps.len());
        Self { size: size_of::<T>() as u8, align: align_of::<T>() as u8, kind, keys: keys as u8, steps }
    }
}

/// The form of a struct, once for all calls that take it.
pub(crate) trait Formed: Copy {
    const FORM: &'static Form;
}

/// A fact in a struct of C that was let in.
pub(crate) struct Told<'a> {
    at: *const u8,
    form: &'a Form,
    /// The part whose contents were refused: it is told as longer than any.
    refused: Option<Part>,
}

impl<'a> Told<'a> {
    /// Lets a struct in, not yet what it points to.
    ///
    /// # Safety
    /// `at` is NULL, misaligned, or points to the struct of `form`, which nobody changes during the call.
    #[inline(always)] // so that it is built where it will lie
    pub unsafe fn let_in(door: &Door<'_>, at: *const core::ffi::c_void, form: &'a Form) -> Outcome<Told<'a>> {
        door.pass(at, form.size.into(), form.align.into())?;
        Ok(Self { at: at.cast(), form, refused: None })
    }

    /// Lets in what a part points to; before this, nobody may ask for it.
    ///
    /// # Safety
    /// Each pointer of the part is NULL, misaligned, or as [`Door::slice`] says.
    #[inline(never)]
    pub unsafe fn check(&mut self, door: &Door<'_>, part: Part) -> Outcome<()> {
        // SAFETY: as the caller of this.
        let checked = unsafe { self.walk(part, Some(door), &mut Encoder::compare(&[])) };
        if checked.is_err_and(|why| matches!(why.status(), TIDINGS_E_TOO_LONG | TIDINGS_E_TEXT)) {
            self.refused = Some(part);
        }
        checked
    }

    /// True if something too long or no text is in it: whoever is told of it sees a part that no fact can have.
    pub fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    // With a door, each field is let in before it is looked at, and the first refusal ends the walk; without one all were let in before.
    #[inline(never)]
    unsafe fn walk(&self, part: Part, door: Option<&Door<'_>>, out: &mut Encoder<'_>) -> Outcome<()> {
        let (key, value) = self.form.steps.split_at_checked(self.form.keys.into()).unwrap_or_default();
        let (mut walk, mut taken) = (Walk { door, out, choice: 0 }, true);
        for step in if part == Part::Key { key } else { value } {
            match step.does {
                Does::When => taken = step.at == walk.choice,
                Does::Always => taken = true,
                // SAFETY: a field of the struct that was let in, of the type that the step reads.
                does if taken => unsafe { walk.take(does, self.at.add(step.at.into()))? },
                _ => {}
            }
        }
        Ok(())
    }
}

impl Fact for Told<'_> {
    fn encode(&self, part: Part, out: &mut Encoder<'_>) -> Kind {
        if self.refused == Some(part) {
            out.exceed();
        } else {
            // SAFETY: the part was let in; for a removal only the key was, and only the key is asked for.
            unsafe { self.walk(part, None, out).ok() };
        }
        // SAFETY: the struct was let in.
        if self.form.kind == OWN_KIND { Kind(unsafe { *self.at }) } else { self.form.kind }
    }
}

/// A list, as each struct has it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Entries {
    first: *const tidings_bytes_t,
    count: usize,
}

/// A walk over the fields of a part.
struct Walk<'w, 'o> {
    /// What pointers have yet to pass.
    door: Option<&'w Door<'w>>,
    out: &'w mut Encoder<'o>,
    /// The choice that holds from here on.
    choice: u8,
}

impl Walk<'_, '_> {
    // Takes a field, and measures what there is so far.
    //
    // # Safety
    // The field is of the type that is read, and its pointers are as `Door` says, or passed it before.
    #[inline(never)]
    unsafe fn take(&mut self, does: Does, at: *const u8) -> Outcome<()> {
        // SAFETY: as the caller of this.
        unsafe { self.write(does, at)? };
        self.door.map_or(Ok(()), |door| door.measure(self.out.finish().len))
    }

    #[inline(always)]
    unsafe fn write(&mut self, does: Does, at: *const u8) -> Outcome<()> {
        // SAFETY: as the caller of this.
        unsafe {
            match does {
                Does::Byte => self.out.byte(*at),
                Does::Hashed => self.out.byte(*at | 0x80),
                Does::Short => self.out.word(u32::from(read::<u16>(at))),
                Does::Word => self.out.word(read(at)),
                Does::Long => self.out.uint(read(at)),
                Does::Int => self.out.int(i64::from(read::<i32>(at))),
                Does::LongInt => self.out.int(read(at)),
                Does::BigEndian => self.out.raw(&read::<u16>(at).to_be_bytes()),
                Does::Text | Does::Bytes | Does::Raw => return self.bytes(does, at),
                Does::Texts | Does::Addresses => return self.list(does, at),
                Does::Scalar => return self.scalar(at),
                Does::Choose | Does::Tag => return self.choose(does, *at),
                Does::Metric => {
                    let metric = read::<u16>(at);
                    self.choice = (metric != 0).into();
                    self.out.word(metric.into())
                }
                Does::When | Does::Always => self.out,
            };
        }
        Ok(())
    }

    fn choose(&mut self, does: Does, choice: u8) -> Outcome<()> {
        if choice > LAST_CHOICE {
            return Err(Refusal::of(TIDINGS_E_VALUE));
        }
        self.choice = choice;
        if does == Does::Tag {
            self.out.byte(choice);
        }
        Ok(())
    }

    #[inline(never)]
    unsafe fn bytes(&mut self, does: Does, at: *const u8) -> Outcome<()> {
        // SAFETY: as the caller of this; without a door it passed one before.
        unsafe {
            let field = &*at.cast::<tidings_bytes_t>();
            if let Some(door) = self.door {
                door.check(field, does == Does::Text)?;
            }
            if does == Does::Raw {
                self.out.raw(field.get())
            } else {
                self.out.bytes(field.get())
            };
        }
        Ok(())
    }

    unsafe fn list(&mut self, does: Does, at: *const u8) -> Outcome<()> {
        let (does, most) =
            if does == Does::Texts { (Does::Text, TIDINGS_MAX_LIST) } else { (Does::Bytes, TIDINGS_MAX_ADDRESSES) };
        // SAFETY: as the caller of this; the count follows the pointer.
        unsafe {
            let Entries { first, count } = read(at);
            if let Some(door) = self.door {
                door.entries(first, count, most)?;
            }
            self.out.word(count as u32);
            for at in 0..count {
                self.take(does, first.add(at).cast())?;
            }
            if count > 0 {
                self.out.raw(&[]); // an empty last one is an element all the same
            }
        }
        Ok(())
    }

    unsafe fn scalar(&mut self, at: *const u8) -> Outcome<()> {
        // SAFETY: as the caller of this.
        let scalar = unsafe { &*at.cast::<tidings_scalar_t>() };
        let bytes = (&raw const scalar.bytes).cast();
        self.out.byte(scalar.scalar_type);
        match scalar.scalar_type {
            TIDINGS_SCALAR_UNKNOWN | TIDINGS_SCALAR_UNSUPPORTED => {}
            TIDINGS_SCALAR_BOOL => _ = self.out.byte(flag(small(scalar.number)?)?.into()),
            TIDINGS_SCALAR_INT => _ = self.out.int(scalar.number),
            TIDINGS_SCALAR_ENUM => _ = self.out.word(small(scalar.number)?),
            // SAFETY: as the caller of this.
            TIDINGS_SCALAR_TEXT => unsafe { self.bytes(Does::Text, bytes)? },
            // SAFETY: as the caller of this.
            TIDINGS_SCALAR_BYTES | TIDINGS_SCALAR_HASH => unsafe { self.bytes(Does::Bytes, bytes)? },
            _ => return Err(Refusal::of(TIDINGS_E_VALUE)),
        }
        Ok(())
    }
}

unsafe fn read<T: Copy>(at: *const u8) -> T {
    // SAFETY: as the caller of this.
    unsafe { *at.cast() }
}

fn small<T: TryFrom<i64>>(number: i64) -> Outcome<T> {
    T::try_from(number).map_err(|_| Refusal::of(TIDINGS_E_VALUE))
}
