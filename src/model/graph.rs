//! How stages hang together: who needs whom, what reaches the image, and who needs itself.

use super::stages::by_name;
use super::{Base, Model, Mount, Stage, Step, is_within};
use crate::syntax::Keyword;

/// From so many different paths on, everything counts as taken from a stage.
const MOST_PATHS: usize = 64;

/// What follows from the stages as a whole, each list by the place of a stage.
#[derive(Debug)]
pub(super) struct Graph {
    /// The stages that the image is made of, its root first.
    chain: Vec<usize>,
    is_final: Vec<bool>,
    is_needed: Vec<bool>,
    is_shared: Vec<bool>,
    /// Whether the stage needs itself in the end.
    is_circular: Vec<bool>,
    /// The folders and files that others take from it on their way into the image.
    taken: Vec<Vec<String>>,
}

impl<'a> Model<'a> {
    /// The stage that `COPY --from` names: a number, or a name wherever it stands in the file.
    pub fn stage_called(&self, from: &str) -> Option<&Stage<'a>> {
        let by_number = from.parse().ok().and_then(|index: usize| self.stages.get(index));
        by_number.or_else(|| self.stages.get(by_name(&self.names, from)?))
    }

    /// The stage that a mount takes its files from; it can be named by its name only.
    pub fn stage_of_mount(&self, mount: &Mount) -> Option<&Stage<'a>> {
        self.stages.get(by_name(&self.names, mount.from.as_deref()?)?)
    }

    /// The stage that COPY takes files from.
    pub fn stage_copied(&self, step: &Step) -> Option<&Stage<'a>> {
        self.stage_called(
            step.instruction.flag_value("from").filter(|_| step.transfer().is_some())?,
        )
    }

    /// Whether a stage can be given this name: none has it, and nothing is taken from an image of that name.
    pub fn is_free_name(&self, name: &str) -> bool {
        let is_it = |text: &str| text.eq_ignore_ascii_case(name);
        let takes = |step: &Step<'_>| {
            let mut mounted = step.mounts.iter().filter_map(|mount| mount.from.as_deref());
            step.instruction.flag_value("from").is_some_and(is_it) || mounted.any(is_it)
        };
        let keywords = [Keyword::Copy, Keyword::Add, Keyword::Run];
        self.stage_called(name).is_none()
            && !self.stages().iter().any(|stage| match &stage.base {
                Base::Image(image) => is_it(&image.text),
                _ => is_it(&stage.image.text),
            })
            && !self.steps_of(&keywords).any(|(_, step)| takes(step))
    }

    /// Whether `stage` is part of the image that ships.
    pub fn is_in_final(&self, stage: &Stage<'_>) -> bool {
        self.graph().is_final.get(stage.index) == Some(&true)
    }

    /// Whether a stage outside the final image builds on `stage` too, so that a change would reach it.
    pub fn is_shared(&self, stage: &Stage<'_>) -> bool {
        self.graph().is_shared.get(stage.index) == Some(&true)
    }

    /// Whether the build of the image needs the stage in any way: builds on it, copies from it or mounts it.
    pub fn is_needed(&self, stage: &Stage<'_>) -> bool {
        self.graph().is_needed.get(stage.index) == Some(&true)
    }

    /// Whether the stage needs itself, through others or at once, so that Docker refuses it.
    pub fn is_circular(&self, stage: &Stage<'_>) -> bool {
        self.graph().is_circular.get(stage.index) == Some(&true)
    }

    /// Whether files that the step copies reach the image, at once or through `COPY --from`.
    pub fn ships(&self, stage: &Stage<'_>, step: &Step<'_>) -> bool {
        self.is_in_final(stage)
            || step.destination().is_some_and(|to| self.is_taken(stage.index, &to))
    }

    /// The stages that the final image is made of, its root first.
    pub fn final_chain(&self) -> impl DoubleEndedIterator<Item = &Stage<'a>> {
        self.graph().chain.iter().filter_map(|&index| self.stages.get(index))
    }

    fn is_taken(&self, stage: usize, path: &str) -> bool {
        let taken = self.graph().taken.get(stage);
        taken.is_some_and(|taken| taken.iter().any(|folder| is_within(path, folder)))
    }

    fn graph(&self) -> &Graph {
        self.graph.get_or_init(|| self.make_graph())
    }

    fn make_graph(&self) -> Graph {
        let count = self.stages.len();
        let mut graph = Graph {
            chain: Vec::new(),
            is_final: vec![false; count],
            is_needed: vec![false; count],
            is_shared: vec![false; count],
            is_circular: vec![false; count],
            taken: vec![Vec::new(); count],
        };
        let needs: Vec<Vec<usize>> = self.stages.iter().map(|stage| self.needs(stage)).collect();
        let mut at = self.target;
        while let Some(index) = at {
            graph.chain.push(index);
            graph.is_final[index] = true;
            at = self.parent(index);
        }
        graph.chain.reverse();
        let is_final = graph.is_final.clone();
        for index in (0..count).filter(|&index| !is_final[index]) {
            let mut at = Some(index);
            while let Some(index) = at {
                // From here on down all is known already.
                let is_known = std::mem::replace(&mut graph.is_shared[index], true);
                at = self.parent(index).filter(|_| !is_known);
            }
        }
        let mut next: Vec<usize> = self.target.into_iter().collect();
        while let Some(index) = next.pop() {
            if !std::mem::replace(&mut graph.is_needed[index], true) {
                next.extend(&needs[index]);
            }
        }
        // Who is needed by nobody that is left comes next, so that all takers stand before what they take from.
        // What never gets its turn goes round in a circle, or is needed by one that does.
        let mut takers = vec![0_usize; count];
        for &index in needs.iter().flatten() {
            takers[index] += 1;
        }
        let mut order: Vec<usize> = (0..count).filter(|&index| takers[index] == 0).collect();
        let mut at = 0;
        while let Some(&index) = order.get(at) {
            at += 1;
            for &other in &needs[index] {
                takers[other] -= 1;
                if takers[other] == 0 {
                    order.push(other);
                }
            }
        }
        graph.is_circular = circular(&needs, &takers);
        for index in order {
            if graph.is_needed[index] {
                self.take(index, &mut graph);
            }
        }
        graph
    }

    fn parent(&self, index: usize) -> Option<usize> {
        match self.stages.get(index)?.base {
            Base::Stage(parent) => Some(parent),
            _ => None,
        }
    }

    /// The stages that `stage` builds on, copies from or mounts.
    fn needs(&self, stage: &Stage<'_>) -> Vec<usize> {
        let mut needs: Vec<usize> = self.parent(stage.index).into_iter().collect();
        for step in stage.steps_of(&[Keyword::Copy, Keyword::Add, Keyword::Run]) {
            let mounted = step.mounts.iter().filter_map(|mount| self.stage_of_mount(mount));
            needs.extend(self.stage_copied(step).into_iter().chain(mounted).map(|one| one.index));
        }
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// Notes what stage `index` takes from others on its way into the image, and hands on what is taken from itself.
    fn take(&self, index: usize, graph: &mut Graph) {
        let Some(stage) = self.stages.get(index) else { return };
        let own = std::mem::take(&mut graph.taken[index]);
        for step in stage.steps_of(&[Keyword::Copy, Keyword::Add]) {
            let (Some(from), Some(transfer)) = (self.stage_copied(step), step.transfer()) else {
                continue;
            };
            let reaches = |to: String| own.iter().any(|folder| is_within(&to, folder));
            if graph.is_final[index] || step.destination().is_some_and(reaches) {
                for source in &transfer.sources {
                    note(&mut graph.taken[from.index], &source.text);
                }
            }
        }
        if let Some(parent) = self.parent(index).filter(|_| !graph.is_final[index]) {
            for path in &own {
                note(&mut graph.taken[parent], path);
            }
        }
        graph.taken[index] = own;
    }
}

/// Adds a path, seen from `/`; everything where there are too many.
fn note(taken: &mut Vec<String>, path: &str) {
    if taken.len() >= MOST_PATHS {
        taken.clear();
        taken.push("/".to_owned());
    } else if !taken.iter().any(|folder| is_within(path, folder)) {
        taken.push(format!("/{}", path.trim_start_matches(['.', '/']).trim_end_matches('/')));
    }
}

/// Those of the stages left over that need one of the others, until none falls away any more.
fn circular(needs: &[Vec<usize>], takers: &[usize]) -> Vec<bool> {
    let mut is_left: Vec<bool> = takers.iter().map(|&takers| takers > 0).collect();
    let mut needed: Vec<usize> = vec![0; needs.len()];
    let mut needers: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (index, others) in needs.iter().enumerate().filter(|&(index, _)| is_left[index]) {
        for &other in others.iter().filter(|&&other| is_left[other]) {
            needed[index] += 1;
            needers[other].push(index);
        }
    }
    let mut free: Vec<usize> =
        (0..needs.len()).filter(|&index| is_left[index] && needed[index] == 0).collect();
    while let Some(index) = free.pop() {
        is_left[index] = false;
        for &other in &needers[index] {
            needed[other] -= 1;
            if needed[other] == 0 {
                free.push(other);
            }
        }
    }
    is_left
}
