//! What a command has started and left behind.
//!
//! Its process group, and on Linux all else too: what has left the group comes to us once those
//! that started it are gone.

use std::time::Duration;

use rustix::process::{
    Pid, Signal, WaitOptions, kill_process, kill_process_group, test_kill_process_group, wait,
};

/// How long all of it may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the system may take to end it.
const AFTER_KILL: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// From now on, whoever loses its parent is our child.
pub(super) fn adopt() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Ends what is left, once the command itself has ended and nobody waits for a child any more.
pub(super) async fn end(group: Option<Pid>) {
    let mut told = Vec::new();
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::TERM);
    }
    let ask = |pid: Pid| {
        let is_told = group.is_some() && group_of(pid) == group;
        if !told.contains(&pid) && !is_told {
            told.push(pid);
            let _ = kill_process(pid, Signal::TERM);
        }
    };
    if is_gone_within(PATIENCE, group, ask).await {
        return;
    }
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let kill = |pid| {
        let _ = kill_process(pid, Signal::KILL);
    };
    is_gone_within(AFTER_KILL, group, kill).await;
}

fn group_of(pid: Pid) -> Option<Pid> {
    rustix::process::getpgid(Some(pid)).ok()
}

/// Looks until nothing is left; meanwhile does that with each child there is.
async fn is_gone_within(
    span: Duration,
    group: Option<Pid>,
    mut with_each: impl FnMut(Pid),
) -> bool {
    let mut looks = tokio::time::interval(BETWEEN_LOOKS);
    for _ in 0..span.as_millis() / BETWEEN_LOOKS.as_millis() {
        looks.tick().await;
        // One that has ended is there until somebody asks about it.
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
        let children = children();
        let has_group = group.is_some_and(|group| test_kill_process_group(group).is_ok());
        if children.is_empty() && !has_group {
            return true;
        }
        children.into_iter().for_each(&mut with_each);
    }
    false
}

/// Our children, as Linux lists them.
fn children() -> Vec<Pid> {
    let own = rustix::process::getpid().as_raw_nonzero().get().to_string();
    let Ok(all) = std::fs::read_dir("/proc") else { return Vec::new() };
    let names = all.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let ids = names.filter_map(|name| Pid::from_raw(name.parse().ok()?));
    ids.filter(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
        // After the name, which may have anything in it: the state, then the parent.
        let stat = stat.unwrap_or_default();
        let after = stat.rsplit_once(") ").map(|(_, after)| after.split(' '));
        after.is_some_and(|mut fields| fields.nth(1) == Some(own.as_str()))
    })
    .collect()
}
