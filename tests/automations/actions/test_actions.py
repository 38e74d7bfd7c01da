"""Every kind of action, its forms, and what a failing one does."""

from typing import Any

import pytest

from hub.api import ActionFailed, EventFired, NotReady


def _note(text: str) -> str:
    return f"{{action: test.note, data: {{text: '{text}'}}}}"


@pytest.mark.feature("action: call, templates in data", "supported")
def test_a_call_computes_its_data_deeply(home: Any) -> None:
    home.actions(
        """
        - action: test.note
          data:
            list: ["{{ n }}", {deep: "{{ n + 1 }}", plain: x}]
            text: "{{ n }} and more"
        - service: test.note
          data: {a: 1}
          data_template: {b: "{{ n }}"}
          target: {entity_id: [light.hall]}
        - action: "test.{{ 'no' ~ 'te' }}"
          data: "{{ {'c': n} }}"
          entity_id: light.hall
        """,
        {"n": 5},
    )
    assert home.notes == [
        {"list": [5, {"deep": 6, "plain": "x"}], "text": "5 and more"},
        {"a": 1, "b": 5, "entity_id": ["light.hall"]},
        {"c": 5, "entity_id": "light.hall"},
    ]


@pytest.mark.feature("action: event", "supported")
def test_an_event_carries_computed_data_and_its_cause(home: Any) -> None:
    home.actions('{event: bell, event_data: {n: "{{ 1 + 1 }}", when: "{{ now() }}"}}')
    fired = next(each for each in home.hub.events.of(EventFired) if each.name == "bell")
    assert fired.data == {"n": 2, "when": "2026-06-01 12:00:00+00:00"}
    assert fired.cause is not None
    assert fired.source == "automation"


@pytest.mark.parametrize(
    "delay",
    ["90", "'00:01:30'", "'00:01'", "90s", "{minutes: 1, seconds: 30}", "'{{ 30 * 3 }}'",
     "{minutes: '{{ 1 }}', seconds: 30}", "1.5m", "{milliseconds: 90000}"],
)  # fmt: skip
@pytest.mark.feature("action: delay", "supported")
def test_a_delay_in_every_form(home: Any, delay: str) -> None:
    if delay == "'00:01'":
        home.actions(f"[delay: {delay}, {_note('done')}]")
        home.wait(60)
        assert home.notes == ["done"]
        return
    home.actions(f"[delay: {delay}, {_note('done')}]")
    home.wait(89.9)
    assert home.notes == []
    home.wait(0.2)
    assert home.notes == ["done"]


def test_while_it_waits_a_run_is_current(home: Any) -> None:
    home.actions("[delay: 60]")
    home.wait(1)
    assert home.attributes("automation.test")["current"] == 1
    home.wait(61)
    assert home.attributes("automation.test")["current"] == 0


@pytest.mark.feature("action: wait_for_trigger", "supported")
def test_waiting_for_a_trigger(home: Any) -> None:
    home.actions(
        """
        - wait_for_trigger:
            - {trigger: event, event_type: bell}
            - {trigger: state, entity_id: light.hall, to: 'on', id: light}
          timeout: 10
        - action: test.note
          data:
            text: "{{ wait.completed }} {{ wait.trigger.id }} {{ wait.remaining }}"
        """
    )
    home.wait(4)
    home.set("light.hall", "on")
    home.event("bell")
    assert home.notes == ["True light 6.0"]


@pytest.mark.parametrize(
    ("rest", "notes", "result"),
    [
        ("timeout: 10", ["False None"], ("finished", "")),
        ("timeout: '{{ 5 * 2 }}', continue_on_timeout: true", ["False None"], ("finished", "")),
        ("timeout: 10, continue_on_timeout: false", [], ("stopped", "")),
    ],
)
@pytest.mark.feature("action: timeout, continue_on_timeout", "supported")
def test_waiting_too_long(home: Any, rest: str, notes: list[str], result: Any) -> None:
    home.actions(
        f"""
        - {{wait_for_trigger: {{trigger: event, event_type: bell}}, {rest}}}
        - {_note("{{ wait.completed }} {{ wait.trigger }}")}
        """
    )
    home.wait(11)
    home.event("bell")
    assert home.notes == notes
    assert home.results == [result]
    assert home.hub.clock.waiting == 0


@pytest.mark.feature("action: wait_template", "supported")
def test_waiting_for_a_template(home: Any) -> None:
    text = """
        - {wait_template: "{{ is_state('light.hall', 'on') }}", timeout: 10}
        - {action: test.note, data: {text: "{{ wait.completed }} {{ wait.remaining }}"}}
        """
    home.actions(text)
    home.wait(3)
    home.set("light.hall", "on")
    home.event("go")
    assert home.notes == ["True 7.0", "True 10.0"]


@pytest.mark.feature("action: variables", "supported")
def test_variables_build_on_each_other_and_last(home: Any) -> None:
    home.actions(
        f"""
        - variables: {{a: 2, b: "{{{{ a * n }}}}", c: ["{{{{ b }}}}"]}}
        - if: "{{{{ true }}}}"
          then: {{variables: {{b: 7, d: new}}}}
        - {_note("{{ a }} {{ b }} {{ c }} {{ d }}")}
        """,
        {"n": 3},
    )
    assert home.notes == ["2 7 [6] new"]


@pytest.mark.parametrize(("n", "text"), [(1, "one"), (2, "two"), (3, "other")])
@pytest.mark.feature("action: choose", "supported")
def test_choose(home: Any, n: int, text: str) -> None:
    home.actions(
        f"""
        - choose:
            - {{conditions: "{{{{ n == 1 }}}}", sequence: {_note("one")}, alias: First}}
            - conditions: [{{condition: template, value_template: "{{{{ n == 2 }}}}"}}]
              sequence: [{_note("two")}]
          default: {_note("other")}
        - choose: {{condition: "{{{{ n == 1 }}}}", sequence: []}}
        """,
        {"n": n},
    )
    assert home.notes == [text]


@pytest.mark.parametrize(("n", "notes"), [(1, ["yes", "end"]), (2, ["no", "end"])])
@pytest.mark.feature("action: if/then/else", "supported")
def test_if(home: Any, n: int, notes: list[str]) -> None:
    home.actions(
        f"""
        - {{if: "{{{{ n == 1 }}}}", then: {_note("yes")}, else: [{_note("no")}]}}
        - {{if: "{{{{ n == 3 }}}}", then: {_note("never")}}}
        - {_note("end")}
        """,
        {"n": n},
    )
    assert home.notes == notes


TELL = _note("{{ repeat.index }} {{ repeat.first }} {{ repeat.last | default(5) }}")


@pytest.mark.parametrize(
    ("repeat", "notes"),
    [
        ("{count: 2, sequence: [%s]}", ["1 True False", "2 False True"]),
        ("{count: '{{ 1 + 1 }}', sequence: [%s]}", ["1 True False", "2 False True"]),
        ("{count: 0, sequence: [%s]}", []),
        ("{while: '{{ repeat.index < 3 }}', sequence: [%s]}", ["1 True 5", "2 False 5"]),
        ("{until: '{{ repeat.index == 2 }}', sequence: [%s]}", ["1 True 5", "2 False 5"]),
        ("{until: ['{{ true }}', '{{ true }}'], sequence: %s}", ["1 True 5"]),
        ("{for_each: [a, b], sequence: [%s]}", ["1 True False", "2 False True"]),
    ],
)
@pytest.mark.feature("action: repeat", "supported")
def test_repeat(home: Any, repeat: str, notes: list[str]) -> None:
    home.actions(f"- repeat: {repeat % TELL}")
    assert home.notes == notes


def test_repeat_for_each_item_in_another(home: Any) -> None:
    home.actions(
        f"""
        - repeat:
            for_each: "{{{{ [1, 2] }}}}"
            sequence:
              - variables: {{outer: "{{{{ repeat.item }}}}"}}
              - repeat:
                  for_each: [{{name: a}}, {{name: b}}]
                  sequence: {_note("{{ outer }}{{ repeat.item.name }}")}
              - {_note("{{ repeat.item }}")}
        - {_note("{{ repeat is defined }}")}
        """
    )
    assert home.notes == ["1a", "1b", 1, "2a", "2b", 2, False]


def test_a_condition_ends_one_round_not_the_loop(home: Any) -> None:
    home.actions(
        f"""
        - repeat:
            count: 3
            sequence: ["{{{{ repeat.index != 2 }}}}", {_note("{{ repeat.index }}")}]
        """
    )
    assert home.notes == [1, 3]


def test_a_loop_without_end_fails_and_nothing_else_waits_for_it(home: Any) -> None:
    home.actions("- {repeat: {while: '{{ true }}', sequence: [{variables: {a: 1}}]}}")
    ((result, error),) = home.results
    assert result == "failed"
    assert error == "actions 1: it went round 10000 times in no time; put a delay into it"


def test_a_loop_with_a_delay_may_go_on_for_ever(home: Any) -> None:
    home.actions(
        f"- {{repeat: {{while: '{{{{ true }}}}', sequence: [{{delay: 1}}, {_note('tick')}]}}}}"
    )
    home.wait(100.5)
    assert len(home.notes) == 100


@pytest.mark.feature("action: parallel", "supported")
def test_parallel_runs_at_the_same_time_with_variables_of_its_own(home: Any) -> None:
    home.actions(
        f"""
        - parallel:
            - [{{delay: 2}}, {_note("first {{ a }}")}]
            - sequence: [{{variables: {{a: 9}}}}, {{delay: 1}}, {_note("second {{ a }}")}]
            - {_note("third {{ a }}")}
        - {_note("end {{ a }}")}
        """,
        {"a": 1},
    )
    home.wait(3)
    assert home.notes == ["third 1", "second 9", "first 1", "end 1"]


def test_what_fails_beside_others_lets_them_end(home: Any) -> None:
    home.hub.fake_action("test.fail", raises=ActionFailed("no light"))
    home.learn()
    home.actions(
        f"- parallel: [{{action: test.fail}}, [{{delay: 1}}, {_note('done')}]]\n- {_note('never')}"
    )
    home.wait(2)
    assert home.notes == ["done"]
    assert home.results == [("failed", "actions 1, parallel 1 (test.fail): no light")]


@pytest.mark.feature("action: sequence", "supported")
def test_a_sequence_in_a_sequence_ends_by_itself(home: Any) -> None:
    home.actions(f"[{{sequence: ['{{{{ false }}}}', {_note('no')}]}}, {_note('yes')}]")
    assert home.notes == ["yes"]
    assert home.results == [("finished", "")]


@pytest.mark.parametrize(
    ("stop", "result"),
    [
        ("stop: enough", ("stopped", "")),
        ("stop: '{{ 1 + 1 }}', error: true", ("failed", "2")),
        ("stop: , error: true", ("failed", "stopped as an error")),
        ("stop: enough, response_variable: a", ("stopped", "")),
    ],
)
@pytest.mark.feature("action: stop", "supported")
def test_stop_ends_the_run_from_anywhere_in_it(home: Any, stop: str, result: Any) -> None:
    home.actions(
        f"- repeat: {{count: 3, sequence: [{{if: 'true', then: {{{stop}}}}}]}}\n- {_note('no')}"
    )
    assert home.notes == []
    assert home.results == [result]


@pytest.mark.parametrize(
    "condition",
    ["'{{ false }}'", "{condition: template, value_template: '{{ false }}'}", "{or: []}",
     "{condition: '{{ 0 }}'}", "{and: ['{{ true }}', '{{ false }}'], alias: Both}"],
)  # fmt: skip
@pytest.mark.feature("action: condition", "supported")
def test_a_condition_among_the_actions_ends_the_run(home: Any, condition: str) -> None:
    home.actions(f"[{_note('before')}, {condition}, {_note('after')}]")
    assert home.notes == ["before"]
    assert home.results == [("stopped", "")]


@pytest.mark.feature("action: enabled", "supported")
def test_what_is_switched_off_is_passed_over(home: Any) -> None:
    home.actions(
        f"""
        - {{stop: no, enabled: false, alias: Off}}
        - {{condition: "{{{{ false }}}}", enabled: false}}
        - {_note("done")}
        """
    )
    assert home.notes == ["done"]


@pytest.mark.feature("action: response_variable", "supported")
def test_an_answer_is_kept_as_plain_values(home: Any) -> None:
    home.hub.fake_action("test.ask", answer={"path": "/a", "when": ("x", 1)})
    home.learn()
    home.actions(
        f"""
        - {{action: test.ask, response_variable: got, continue_on_error: true}}
        - {_note("{{ got.path }} {{ got.when }}")}
        """.replace("test.ask, response", "'{{ \"test.ask\" }}', response")
    )
    assert home.notes == ["/a ['x', 1]"]


def test_a_failing_action_ends_the_run_and_says_which_and_why(home: Any, caplog: Any) -> None:
    home.hub.fake_action("test.fail", raises=NotReady("the broker is away"))
    home.learn()
    home.actions(f"[{_note('before')}, {{action: test.fail}}, {_note('after')}]")
    home.event("go")
    home.wait(1)

    why = "actions 2 (test.fail): test.fail: the broker is away"
    assert home.notes == ["before", "before"]
    assert home.results == [("failed", why)] * 2
    assert home.attributes("automation.test")["last_error"] == why
    assert caplog.messages.count(f"automation 'Test': {why}") == 1


@pytest.mark.feature("action: continue_on_error", "supported")
def test_a_failing_action_may_be_passed_over(home: Any) -> None:
    home.hub.fake_action("test.fail", raises=ActionFailed("no"))
    home.learn()
    home.actions(
        f"""
        - {{action: test.fail, continue_on_error: true}}
        - {{if: "{{{{ true }}}}", then: {{action: test.fail}}, continue_on_error: true}}
        - {_note("after")}
        """
    )
    assert home.notes == ["after"]
    assert home.results == [("finished", "")]


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ("{action: test.note, data: '{{ 5 }}'}", "data must be a mapping, got 5"),
        ("{action: \"{{ 'test.not' }}\"}", "there is no action 'test.not'. Did you mean 'test."),
        ("{delay: '{{ \"soon\" }}'}", "expected a time span"),
        ("{event: bell, event_data: '{{ 1 }}'}", "event_data must be a mapping, got 1"),
        ("{repeat: {count: '{{ \"x\" }}', sequence: []}}", "count must be a number, got 'x'"),
        ("{repeat: {for_each: '{{ 1 }}', sequence: []}}", "for_each must be a list, got 1"),
        ("{variables: {a: '{{ nobody.b }}'}}", "'nobody' is undefined"),
        ("{action: notify.phone, data: {message: '{{ [] }}'}}", "expected a text"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(home: Any, action: str, why: str) -> None:
    home.actions(f"- {action}")
    ((result, error),) = home.results
    assert result == "failed"
    assert error.startswith("actions 1")
    assert why in error


def test_an_action_that_waits_lets_others_work(home: Any) -> None:
    home.load(
        f"""
        - alias: Slow
          triggers: {{trigger: event, event_type: go}}
          actions: [{{delay: 5}}, {_note("slow")}]
        - alias: Quick
          triggers: {{trigger: event, event_type: go}}
          actions: [{_note("quick")}]
        """
    )
    home.event("go")
    home.wait(6)
    assert home.notes == ["quick", "slow"]


@pytest.mark.parametrize(
    ("written", "said"), [("{{ 5 }}", "5"), ("{{ 0.5 }}", "0.5"), ("{{ 1 > 0 }}", "True")]
)
def test_a_template_may_give_a_number_where_a_text_is_wanted(
    home: Any, written: str, said: str
) -> None:
    home.actions(f'[{{action: notify.phone, data: {{message: "{written}", title: x}}}}]')
    (call,) = [each for each in home.hub.calls if each.name == "notify.phone"]
    assert call.data == {"message": said, "title": "x"}
