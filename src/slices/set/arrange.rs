//! From files and choices to heads and slices.

use std::collections::HashMap;
use std::sync::Arc;

use super::choice::{Folders, HeadKey, SliceKey};
use super::collection::{Collection, LoneMask};
use super::duplicates;
use super::file::File;
use super::head::{Head, Out, Slice};
use super::masks::{Candidate, Role, roles};
use super::names::natural;
use super::{Source, folders};
use crate::slice::MAX_CLASSES;
use crate::slices::limits::MAX_SLICES;
use crate::slices::normalise::Framing;
use crate::slices::raster::{Raster, Square};

/// Fewest slices of which choosing a part is worth a control.
const STACK: usize = 12;
/// Part of a volume left out at either end by itself: neck and crown.
const ENDS: f32 = 0.2;
/// More folders than this below the classes are heads.
const MANY: usize = MAX_CLASSES;

/// See [`Collection::arrange`].
pub fn arrange(collection: &mut Collection) {
    let pictures = pair(collection);
    let homes = house(collection, &pictures);
    let mut heads: Vec<(HeadKey, Vec<SliceKey>)> = Vec::new();
    let mut at: HashMap<&HeadKey, usize> = HashMap::new();
    for (&file, (key, _)) in pictures.iter().zip(&homes) {
        let head = *at.entry(key).or_insert_with(|| {
            heads.push((key.clone(), Vec::new()));
            heads.len() - 1
        });
        let slices = 0..collection.files[file].slices.len();
        heads[head].1.extend(slices.map(|slice| SliceKey { file, slice }));
    }
    let classes: HashMap<usize, usize> =
        pictures.iter().zip(&homes).map(|(&file, (_, class))| (file, *class)).collect();
    for (_, slices) in &mut heads {
        sort(slices, &collection.files);
    }
    heads.sort_by(|(_, a), (_, b)| natural(&path(a, &collection.files), &path(b, &collection.files)));
    lay(collection, heads, &classes);
    leave_out(collection);
}

/// Pairs masks with pictures, and answers which files are pictures.
fn pair(collection: &mut Collection) -> Vec<usize> {
    let candidate = |file: &File| (file.path.clone(), file.shape(), file.labels);
    let files: Vec<_> = collection.files.iter().map(candidate).collect();
    let files: Vec<Candidate> =
        files.iter().map(|(path, shape, labels)| Candidate { path, shape: *shape, labels: *labels }).collect();
    let roles = match collection.source {
        Source::Own => roles(&files),
        Source::Real | Source::Drawings => vec![Role::Picture; files.len()],
    };
    let mut masks: HashMap<usize, Vec<usize>> = HashMap::new();
    collection.lone_masks.clear();
    for (index, role) in roles.iter().enumerate() {
        match role {
            Role::Picture => {}
            Role::MaskOf(of) => of.iter().for_each(|picture| masks.entry(*picture).or_default().push(index)),
            Role::Alone | Role::OtherSize => collection
                .lone_masks
                .push(LoneMask { path: collection.files[index].path.clone(), other_size: *role == Role::OtherSize }),
        }
    }
    collection.masks.retain(|picture, (from, _)| masks.get(picture) == Some(from));
    for (picture, from) in masks {
        let files = &collection.files;
        collection.masks.entry(picture).or_insert_with(|| {
            let mut merged = Vec::new();
            from.iter().for_each(|&mask| files[mask].add_to(&mut merged));
            (from, merged)
        });
    }
    (0..roles.len()).filter(|&index| roles[index] == Role::Picture).collect()
}

/// The head and the class of each picture file.
fn house(collection: &mut Collection, pictures: &[usize]) -> Vec<(HeadKey, usize)> {
    let files = &collection.files;
    let own = collection.source == Source::Own;
    let paths: Vec<&str> = pictures.iter().map(|&file| files[file].path.as_str()).collect();
    let telling = folders::telling(&paths);
    let top = folders::top(&telling);
    let probable = folders::meaning(&top);
    collection.folders = probable.map(|probable| collection.folder_choice.unwrap_or(probable)).filter(|_| own);
    if collection.folders == Some(Folders::Classes) {
        // The class that everything was of until there were folders makes way for theirs.
        let undivided = collection.folder_classes.is_empty() && collection.classes == [super::collection::UNDIVIDED];
        if undivided {
            collection.classes.clear();
        }
        for folder in &top {
            if !collection.folder_classes.contains_key(folder) && collection.classes.len() < MAX_CLASSES {
                collection.folder_classes.insert(folder.clone(), collection.classes.len());
                collection.classes.push(folder.clone());
            }
        }
    }
    let mut deep: Vec<&Vec<String>> = telling.iter().filter(|folders| folders.len() > 1).collect();
    deep.sort();
    deep.dedup();
    let by_folder = |folders: &[String]| match collection.folders {
        None => false,
        Some(Folders::Heads) => !folders.is_empty(),
        Some(Folders::Classes) => folders.len() > 1 && deep.len() > MANY,
    };
    let home = |(&index, folders): (&usize, &Vec<String>)| {
        let file = &files[index];
        let (width, height, _) = file.shape();
        let key = match (file.volume, file.group) {
            (true, _) => HeadKey::File(index),
            (false, Some(group)) => HeadKey::Series { group, size: (width, height) },
            (false, None) if by_folder(folders) => HeadKey::Folder { path: folders.join("/"), size: (width, height) },
            (false, None) => HeadKey::File(index),
        };
        let by_folder = folders.first().and_then(|folder| collection.folder_classes.get(folder).copied());
        (key, file.class.or(by_folder).unwrap_or(0))
    };
    pictures.iter().zip(&telling).map(home).collect()
}

/// Along the head if that is known, else by name.
fn sort(slices: &mut [SliceKey], files: &[File]) {
    slices.sort_by(|a, b| {
        let (mine, other) = (&files[a.file], &files[b.file]);
        let along = match (mine.position, other.position) {
            (Some(mine), Some(other)) => mine.total_cmp(&other),
            _ => std::cmp::Ordering::Equal,
        };
        along.then_with(|| natural(&mine.path, &other.path)).then_with(|| a.cmp(b))
    });
}

fn path(slices: &[SliceKey], files: &[File]) -> String {
    slices.first().map(|key| files[key.file].path.clone()).unwrap_or_default()
}

/// Fills the collection's heads and slices.
fn lay(collection: &mut Collection, heads: Vec<(HeadKey, Vec<SliceKey>)>, classes: &HashMap<usize, usize>) {
    let files = &collection.files;
    let known = |keys: &[SliceKey]| keys.iter().all(|key| files[key.file].volume || files[key.file].position.is_some());
    let is_stack = |keys: &[SliceKey]| keys.len() >= STACK && keys.iter().all(|key| !files[key.file].ready);
    let range = |keys: &[SliceKey]| {
        let last = keys.len().saturating_sub(1);
        let end = if is_stack(keys) && known(keys) { (keys.len() as f32 * ENDS).round() as usize } else { 0 };
        (end, last - end)
    };
    let every = spread(heads.iter().map(|(_, keys)| {
        let (first, last) = range(keys);
        (is_stack(keys), last + 1 - first)
    }));
    (collection.heads, collection.slices) = (Vec::new(), Vec::new());
    for (key, keys) in heads {
        let Some(first) = keys.first() else { continue };
        let file = &files[first.file];
        let choice = collection.head_choices.get(&key).copied().unwrap_or_default();
        let stack = is_stack(&keys);
        let last = keys.len() - 1;
        let (from, to) = choice.range.filter(|_| stack).unwrap_or_else(|| range(&keys));
        let range = (from.min(to).min(last), to.max(from).min(last));
        let class = choice.class.or_else(|| classes.get(&first.file).copied()).unwrap_or(0);
        let start = collection.slices.len();
        for key in keys {
            let file = &files[key.file];
            let of_file = classes.get(&key.file).copied().unwrap_or(0);
            let own = collection.slice_choices.get(&key).and_then(|choice| choice.class);
            let beside = collection.masks.get(&key.file).map(|(_, masks)| masks).or(file.masks.as_ref());
            collection.slices.push(Slice {
                key,
                path: file.path.clone(),
                raster: Arc::clone(&file.slices[key.slice]),
                mask: beside.and_then(|masks| masks.get(key.slice)).cloned(),
                head: collection.heads.len(),
                class: own.or(choice.class).unwrap_or(of_file).min(collection.classes.len() - 1),
                out: None,
            });
        }
        let slices = start..collection.slices.len();
        let by = (range, choice.crop, slices.len());
        let framing = match collection.framings.get(&key) {
            Some((measured, framing)) if *measured == by => *framing,
            _ if file.ready => whole(&file.slices[0]),
            _ => measure(&collection.slices[start + range.0..=start + range.1], choice.crop),
        };
        collection.framings.insert(key.clone(), (by, framing));
        let alone = matches!(key, HeadKey::File(_)) && !file.volume;
        let group = file.group.map(|group| HeadKey::Series { group, size: (0, 0) }.person());
        collection.heads.push(Head {
            name: name(&key, &file.path),
            person: group.or_else(|| (!alone).then(|| key.person())),
            slices,
            stack,
            class: class.min(collection.classes.len() - 1),
            range,
            every: if stack { choice.every.unwrap_or(every).max(1) } else { 1 },
            crop: choice.crop,
            framing,
            ready: file.ready,
            key,
        });
    }
}

/// One of how many slices of a stack is taken, so that all stacks fit. Given for every head: whether it is a stack, and how
/// many slices its range has.
fn spread(heads: impl Iterator<Item = (bool, usize)>) -> usize {
    let (mut stacks, mut others) = (0, 0);
    heads.for_each(|(stack, count)| if stack { stacks += count } else { others += count });
    let room = MAX_SLICES.saturating_sub(others).max(MAX_SLICES / 8);
    stacks.div_ceil(room).max(1)
}

/// The framing of slices of one head, or of what was cut out of them.
fn measure(slices: &[Slice], crop: Option<Square>) -> Framing {
    let cut = |slice: &Slice| crop.map_or_else(|| (*slice.raster).clone(), |square| slice.raster.crop(square));
    let slices: Vec<Raster> = slices.iter().map(cut).collect();
    let framing = Framing::of(&slices);
    Framing { square: crop.unwrap_or(framing.square), ..framing }
}

/// A slice as it is.
fn whole(slice: &Raster) -> Framing {
    Framing { square: Square { left: 0, top: 0, side: slice.width().max(slice.height()) }, air: 0.0, gain: 1.0 }
}

fn name(key: &HeadKey, path: &str) -> String {
    match key {
        HeadKey::Folder { path, .. } => path.clone(),
        HeadKey::Series { .. } => path.rsplit_once('/').map_or(path, |(folder, _)| folder).to_owned(),
        HeadKey::File(_) => path.to_owned(),
    }
}

/// What the visitor leaves out, and copies and black slices unless the visitor wants them.
fn leave_out(collection: &mut Collection) {
    let prints: Vec<_> = collection
        .slices
        .iter()
        .map(|slice| (&collection.files[slice.key.file].prints[slice.key.slice], slice.head))
        .collect();
    // Copies among the site's own slices are for who made them to find.
    let copies = match collection.source {
        Source::Own => duplicates::find(prints.iter().copied()),
        Source::Real | Source::Drawings => vec![None; prints.len()],
    };
    let blank: Vec<bool> = prints.iter().map(|(print, _)| print.is_blank()).collect();
    for ((slice, copy), blank) in collection.slices.iter_mut().zip(copies).zip(blank) {
        let by_itself = copy.map(|copy| Out::Duplicate { exact: copy.exact }).or(blank.then_some(Out::Blank));
        slice.out = match collection.slice_choices.get(&slice.key).and_then(|choice| choice.out) {
            Some(true) => Some(by_itself.unwrap_or(Out::Visitor)),
            Some(false) => None,
            None => by_itself,
        };
    }
}
