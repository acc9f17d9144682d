//! Every move from every state by everybody, against a table that was written by hand.

use dateline::rules::article::ArticleStage;
use dateline::rules::permission::{Right, Role};
use dateline::rules::workflow::{LiveState, Place, Refusal, Standing, Verb, check, legal};

/// The weakest role that may make the move: contributor, Author, editor, adMin, or nobody. `*` stands for all stages,
/// `+` for something planned beside what is live.
const TABLE: &str = "
place   stage     live       edit assign submit request approve publish schedule reschedule unschedule unpublish correct kill reinstate embargo archive restore delete
desk    draft     never      c    c      a      -       -       e       e        -          -          -         -       -    -         e       c       -       c
desk    in_review never      c    c      -      e       e       e       e        -          -          -         -       -    -         e       c       -       c
desk    approved  never      c    c      -      e       -       e       e        -          -          -         -       -    -         e       c       -       c
desk    draft     scheduled+ c    c      a      -       -       e       e        e          e          e         -       e    -         e       -       -       e
desk    in_review scheduled+ c    c      -      e       e       e       e        e          e          e         -       e    -         e       -       -       e
desk    approved  scheduled+ c    c      -      e       -       e       e        e          e          e         -       e    -         e       -       -       e
desk    draft     live       c    c      a      -       -       e       e        e          -          e         e       e    -         e       -       -       e
desk    in_review live       c    c      -      e       e       e       e        e          -          e         e       e    -         e       -       -       e
desk    approved  live       c    c      -      e       -       e       e        e          -          e         e       e    -         e       -       -       e
desk    draft     live+      c    c      a      -       -       e       e        e          e          e         e       e    -         e       -       -       e
desk    in_review live+      c    c      -      e       e       e       e        e          e          e         e       e    -         e       -       -       e
desk    approved  live+      c    c      -      e       -       e       e        e          e          e         e       e    -         e       -       -       e
desk    draft     withdrawn  c    c      a      -       -       e       e        -          -          -         -       e    -         e       c       -       c
desk    in_review withdrawn  c    c      -      e       e       e       e        -          -          -         -       e    -         e       c       -       c
desk    approved  withdrawn  c    c      -      e       -       e       e        -          -          -         -       e    -         e       c       -       c
desk    draft     killed     c    c      a      -       -       -       -        -          -          -         -       e    m         -       c       -       c
desk    in_review killed     c    c      -      e       e       -       -        -          -          -         -       e    m         -       c       -       c
desk    approved  killed     c    c      -      e       -       -       -        -          -          -         -       e    m         -       c       -       c
archive *         never      -    -      -      -       -       -       -        -          -          -         -       -    -         -       -       c       -
archive *         withdrawn  -    -      -      -       -       -       -        -          -          -         -       e    -         -       -       c       -
archive *         killed     -    -      -      -       -       -       -        -          -          -         -       e    m         -       -       c       -
trash   *         never      -    -      -      -       -       -       -        -          -          -         -       -    -         -       -       c       -
trash   *         withdrawn  -    -      -      -       -       -       -        -          -          -         -       -    -         -       -       c       -
trash   *         killed     -    -      -      -       -       -       -        -          -          -         -       -    -         -       -       c       -
";

fn role(letter: &str) -> Option<Role> {
    match letter {
        "c" => Some(Role::Contributor),
        "a" => Some(Role::Author),
        "e" => Some(Role::Editor),
        "m" => Some(Role::Admin),
        "-" => None,
        other => panic!("no role is written {other}"),
    }
}

fn places(word: &str) -> Place {
    match word {
        "desk" => Place::Desk,
        "archive" => Place::Archive,
        "trash" => Place::Trash,
        other => panic!("no place is written {other}"),
    }
}

fn may(role: Role) -> impl Fn(Right) -> bool {
    move |right| role >= right.least_role()
}

/// The standings of a line of the table, and for each verb the weakest role that may.
fn lines() -> Vec<(Vec<Standing>, Vec<Option<Role>>)> {
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let stages = match words[1] {
            "*" => ArticleStage::ALL.to_vec(),
            stage => vec![stage.parse().expect("a stage")],
        };
        let planned = words[2].ends_with('+');
        let live: LiveState = words[2].trim_end_matches('+').parse().expect("a state");
        let standing = |stage: &ArticleStage| Standing { place: places(words[0]), stage: *stage, live, planned };
        (stages.iter().map(standing).collect(), words[3..].iter().map(|letter| role(letter)).collect())
    };
    TABLE.trim().lines().skip(1).map(line).collect()
}

#[test]
fn every_move_from_every_state_by_every_role_is_as_the_table_says() {
    let mut cases = 0;
    for (standings, least) in lines() {
        assert_eq!(least.len(), Verb::ALL.len(), "a line of the table is too short or too long");
        for (at, role) in standings.iter().flat_map(|at| Role::ALL.map(|role| (at, role))) {
            let offered = legal(at, may(role));
            for (verb, least) in Verb::ALL.iter().zip(&least) {
                let allowed = least.is_some_and(|least| role >= least);
                let answer = check(*verb, at, may(role));
                assert_eq!(answer.is_ok(), allowed, "{verb} by {role} from {at:?}: {answer:?}");
                assert_eq!(offered.contains(verb), allowed, "{verb} by {role} from {at:?}: {offered:?}");
                if least.is_some() && !allowed {
                    assert!(matches!(answer, Err(Refusal::Needs(_))), "{verb} by {role} from {at:?}: {answer:?}");
                }
                cases += 1;
            }
        }
    }
    assert_eq!(cases, (18 + 6 * 3) * Role::ALL.len() * Verb::ALL.len());
}

#[test]
fn who_could_never_is_told_so_before_being_told_of_the_state() {
    let draft = Standing { place: Place::Desk, stage: ArticleStage::Draft, live: LiveState::Never, planned: false };
    assert_eq!(check(Verb::Unpublish, &draft, may(Role::Author)), Err(Refusal::Needs(Right::Publish)));
    assert_eq!(check(Verb::Unpublish, &draft, may(Role::Editor)), Err(Refusal::Illegal));
    let live = Standing { live: LiveState::Live, ..draft };
    assert_eq!(check(Verb::Delete, &live, may(Role::Author)), Err(Refusal::Needs(Right::Publish)));
}
