package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.DORA;
import static org.jbootd.domain.exchange.Scene.FIRST;
import static org.jbootd.domain.exchange.Scene.SECOND;
import static org.jbootd.domain.exchange.Scene.THIRD;
import static org.jbootd.domain.exchange.Scene.ask;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.pass;
import static org.jbootd.domain.exchange.Scene.reboot;
import static org.jbootd.domain.exchange.Scene.release;
import static org.jbootd.domain.exchange.Scene.renew;
import static org.jbootd.domain.exchange.Scene.select;
import static org.jbootd.domain.exchange.Scene.stored;
import static org.jbootd.domain.exchange.Scene.text;
import static org.jbootd.domain.exchange.Scene.tick;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.LeaseFollower.Standing;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;

/** A desk beside others, on one store. */
class OtherServersTest {

    private final Scene scene = new Scene(new Setting());

    private static Standing now(Lease lease) {
        return new Standing(lease.address(), Optional.of(lease));
    }

    private static Standing nobodys(String address) {
        return new Standing(Ipv4.parse(address), Optional.empty());
    }

    private CompletableFuture<Void> learn(Standing... changed) {
        CompletableFuture<Void> learned = scene.desk.learn(List.of(changed)).toCompletableFuture();
        scene.run();
        return learned;
    }

    @Test
    void what_another_server_gave_is_offered_to_nobody_else_and_renewed_for_its_machine() {
        assertThat(learn(now(stored(ANNA, FIRST)))).isCompleted();
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER " + SECOND);
        assertThat(scene.hears(select(BERT, FIRST))).isEqualTo("NAK ADDRESS_TAKEN");
        assertThat(scene.hears(renew(ANNA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(scene.store.kinds()).containsExactly(Kind.RENEWED);
    }

    @Test
    void what_was_given_back_here_and_given_again_elsewhere_is_nobody_elses() {
        scene.play(List.of(
                boots(ANNA, FIRST),
                boots(BERT, SECOND),
                boots(CARL, THIRD),
                pass(Duration.ofMinutes(1)),
                ask(release(ANNA, FIRST), "SILENCE DONE")));
        learn(now(stored(DORA, FIRST)));
        assertThat(scene.hears(discover(ANNA))).isEqualTo("SILENCE POOL_EXHAUSTED");
        assertThat(scene.hears(renew(DORA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
    }

    @Test
    void what_another_server_took_back_is_free_again() {
        scene.play(List.of(boots(ANNA, FIRST)));
        learn(nobodys(FIRST));
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER " + FIRST);
    }

    @Test
    void an_offer_that_another_server_thwarts_is_withdrawn() {
        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER " + FIRST);
        learn(now(stored(BERT, FIRST)));
        assertThat(scene.hears(select(ANNA, FIRST))).isEqualTo("NAK ADDRESS_TAKEN");
        assertThat(scene.hears(discover(ANNA))).isEqualTo("OFFER " + SECOND);
    }

    @Test
    void machines_may_have_changed_places_elsewhere_in_whatever_order_that_is_told() {
        scene.play(List.of(boots(ANNA, FIRST), boots(BERT, SECOND), boots(CARL, THIRD)));
        learn(now(stored(BERT, FIRST)), now(stored(CARL, SECOND)), now(stored(ANNA, THIRD)));
        assertThat(scene.hears(renew(ANNA, THIRD))).isEqualTo("ACK " + THIRD + " 3600");
        assertThat(scene.hears(renew(BERT, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(scene.hears(renew(CARL, SECOND))).isEqualTo("ACK " + SECOND + " 3600");
        learn(nobodys(SECOND), now(stored(CARL, FIRST)), nobodys(THIRD));
        assertThat(scene.hears(renew(CARL, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
    }

    @Test
    void what_is_told_of_an_address_that_is_being_written_waits_for_that() {
        scene.store.hold();
        CompletableFuture<Answer> answer = scene.say(select(ANNA, FIRST));
        CompletableFuture<Void> learned = learn(now(stored(ANNA, SECOND)), nobodys(FIRST), now(stored(BERT, THIRD)));
        assertThat(scene.hears(select(CARL, THIRD))).as("known at once").isEqualTo("NAK ADDRESS_TAKEN");
        assertThat(scene.hears(discover(CARL))).as("not known yet").isEqualTo("OFFER " + SECOND);
        assertThat(learned).isNotDone();
        scene.store.letGo();
        scene.run();
        assertThat(text(answer)).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(learned).isCompleted();
        assertThat(scene.hears(discover(CARL))).isEqualTo("OFFER " + FIRST);
        assertThat(scene.hears(renew(ANNA, SECOND))).isEqualTo("ACK " + SECOND + " 3600");
    }

    @Test
    void lessons_are_learned_in_their_order() {
        scene.store.hold();
        scene.say(select(ANNA, FIRST));
        CompletableFuture<Void> first = learn(now(stored(BERT, FIRST)));
        CompletableFuture<Void> second = learn(now(stored(CARL, FIRST)));
        CompletableFuture<Void> third = learn(now(stored(BERT, THIRD)));
        assertThat(List.of(first, second, third)).noneMatch(CompletableFuture::isDone);
        scene.store.letGo();
        scene.run();
        assertThat(List.of(first, second, third)).allMatch(CompletableFuture::isDone);
        assertThat(scene.hears(renew(CARL, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
    }

    @Test
    void a_lost_race_makes_the_desk_decide_again() {
        scene.store.losing(1);
        assertThat(scene.hears(select(ANNA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(scene.store.kinds()).containsExactly(Kind.BOUND);
    }

    @Test
    void a_machine_whose_address_is_anothers_by_then_is_told_so() {
        scene.store.hold();
        CompletableFuture<Answer> answer = scene.say(select(ANNA, FIRST));
        learn(now(stored(BERT, FIRST)));
        scene.store.losing(1);
        scene.store.letGo();
        scene.run();
        assertThat(text(answer)).isEqualTo("NAK ADDRESS_TAKEN");
        assertThat(scene.store.history()).isEmpty();
    }

    @Test
    void what_was_given_back_here_while_another_server_gave_it_to_its_machine_again_stays_given() {
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.store.share();
        scene.store.hold();
        CompletableFuture<Answer> answer = scene.say(release(ANNA, FIRST));
        learn(now(stored(ANNA, FIRST)));
        scene.store.losing(1);
        scene.store.letGo();
        scene.run();
        assertThat(text(answer)).isEqualTo("SILENCE NOT_THE_HOLDER");
        assertThat(scene.hears(select(BERT, FIRST))).isEqualTo("NAK ADDRESS_TAKEN");
    }

    /** A renewal waited here, and was never answered; its machine gave the address back at another server. */
    @Test
    void what_was_given_back_at_another_server_after_its_machine_asked_here_is_not_leased_again() {
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.store.share();
        scene.store.hold();
        CompletableFuture<Answer> answer = scene.say(renew(ANNA, FIRST));
        learn(now(stored(ANNA, FIRST, Lease.State.RELEASED, scene.now, scene.now)));
        scene.store.losing(1);
        scene.store.letGo();
        scene.run();
        assertThat(text(answer)).isEqualTo("SILENCE NOT_THE_HOLDER");
        assertThat(scene.store.kinds()).containsExactly(Kind.BOUND);
        assertThat(scene.hears(reboot(ANNA, FIRST))).as("it asks afterwards").isEqualTo("ACK " + FIRST + " 3600");
    }

    @Test
    void what_may_have_been_asked_before_the_address_was_given_back_is_not_granted() {
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.store.share();
        scene.play(List.of(tick(), pass(Duration.ofSeconds(3))));
        learn(now(stored(ANNA, FIRST, Lease.State.RELEASED, scene.now, scene.now)));
        scene.play(List.of(ask(renew(ANNA, FIRST), "SILENCE NOT_THE_HOLDER")));
        seconds(30);
        scene.play(List.of(ask(renew(ANNA, FIRST), "ACK " + FIRST + " 3600")));
    }

    /** It waited in the socket of a process that was stopped, and the machine has its address from another server since. */
    @Test
    void what_may_have_been_given_back_long_ago_is_not() {
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.store.share();
        scene.play(List.of(tick(), pass(Duration.ofSeconds(3))));
        learn(now(stored(ANNA, FIRST)));
        scene.play(List.of(
                ask(release(ANNA, FIRST), "SILENCE OVERLOADED"), ask(select(BERT, FIRST), "NAK ADDRESS_TAKEN")));
        seconds(29);
        scene.play(List.of(ask(release(ANNA, FIRST), "SILENCE OVERLOADED")));
        seconds(1);
        scene.play(List.of(ask(release(ANNA, FIRST), "SILENCE DONE")));
    }

    @Test
    void a_server_that_is_idle_hears_at_once_what_is_given_back() {
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.store.share();
        seconds(5);
        scene.play(List.of(pass(Duration.ofSeconds(1)), ask(release(ANNA, FIRST), "SILENCE DONE")));
    }

    private void seconds(int count) {
        for (int second = 0; second < count; second++) {
            scene.play(List.of(pass(Duration.ofSeconds(1)), tick()));
        }
    }

    @Test
    void races_that_are_lost_again_and_again_are_given_up() {
        scene.store.losing(4);
        assertThat(scene.hears(select(ANNA, FIRST))).isEqualTo("SILENCE OVERTAKEN");
        assertThat(scene.hears(select(ANNA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
    }

    @Test
    void nobody_is_refused_for_what_another_server_may_have_changed() {
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.store.share();
        scene.store.hold();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        answers.add(scene.say(reboot(ANNA, SECOND)));
        answers.add(scene.say(reboot(BERT, THIRD)));
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        learn(now(stored(ANNA, SECOND)), nobodys(FIRST));
        scene.store.letGo();
        scene.run();
        assertThat(text(answers.get(0))).isEqualTo("ACK " + SECOND + " 3600");
        assertThat(text(answers.get(1))).isEqualTo("SILENCE UNKNOWN_CLIENT");
    }

    @Test
    void a_copy_of_a_request_is_granted_nothing_that_another_server_gave_to_others_meanwhile() {
        scene.store.share();
        assertThat(scene.hears(select(ANNA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
        scene.store.hold();
        CompletableFuture<Answer> copy = scene.say(select(ANNA, FIRST));
        assertThat(copy).as("before it is known what others did").isNotDone();
        learn(now(stored(BERT, FIRST)));
        scene.store.letGo();
        scene.run();
        assertThat(text(copy)).isEqualTo("NAK ADDRESS_TAKEN");
    }

    @Test
    void a_copy_of_a_request_is_granted_what_the_first_was_and_nothing_is_stored() {
        scene.store.share();
        assertThat(scene.hears(select(ANNA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(scene.hears(select(ANNA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(scene.store.kinds()).containsExactly(Kind.BOUND);
    }

    @Test
    void what_a_write_of_another_machine_holds_up_is_waited_for_too() {
        scene.store.share();
        scene.store.hold();
        CompletableFuture<Answer> berts = scene.say(select(BERT, FIRST));
        CompletableFuture<Answer> annas = scene.say(reboot(ANNA, FIRST));
        learn(now(stored(ANNA, FIRST)));
        scene.store.swap();
        scene.store.finishOne();
        scene.run();
        assertThat(List.of(berts, annas))
                .as("Bert's write comes too late, and nobody knows yet")
                .noneMatch(CompletableFuture::isDone);
        scene.store.losing(1);
        scene.store.letGo();
        scene.run();
        assertThat(text(annas)).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(text(berts)).isEqualTo("NAK ADDRESS_TAKEN");
    }

    @Test
    void an_order_waits_for_what_other_servers_have_stored_until_then() {
        scene.store.share();
        scene.store.hold();
        CompletableFuture<Claim> released = scene.desk
                .order((book, now) -> book.takeBack(Ipv4.parse(FIRST), now), Cause.OPERATOR)
                .toCompletableFuture();
        scene.run();
        assertThat(released).isNotDone();
        learn(now(stored(ANNA, FIRST)));
        scene.store.letGo();
        scene.run();
        assertThat(released).isCompletedWithValueMatching(Claim.Granted.class::isInstance);
        assertThat(scene.store.kinds()).containsExactly(Kind.RELEASED);
    }

    @Test
    void while_the_store_is_gone_nobody_is_refused_either() {
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.store.share();
        scene.store.failing(true);
        assertThat(scene.hears(reboot(ANNA, SECOND))).isEqualTo("SILENCE STORE_UNAVAILABLE");
        scene.store.failing(false);
        assertThat(scene.hears(reboot(ANNA, SECOND))).isEqualTo("NAK WRONG_ADDRESS");
        assertThat(scene.hears(release(BERT, THIRD))).isEqualTo("SILENCE NOT_THE_HOLDER");
    }

    @Test
    void servers_that_hash_offer_a_machine_the_same_address_without_knowing_of_each_other() {
        Setting setting = new Setting().pool(FIRST, 100).hashed();
        Scene one = new Scene(setting);
        Scene other = new Scene(setting);
        List<String> machines = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            machines.add(String.format("02-00-00-00-01-%02X", i));
        }
        List<String> offers =
                machines.stream().map(machine -> one.hears(discover(machine))).toList();
        assertThat(machines.stream()
                        .map(machine -> other.hears(discover(machine)))
                        .toList())
                .isEqualTo(offers);
        assertThat(offers).doesNotHaveDuplicates().doesNotContain("SILENCE POOL_EXHAUSTED");
        assertThat(machines.stream()
                        .map(machine -> new Scene(setting).hears(discover(machine)))
                        .distinct())
                .as("where each of them would be if it were alone")
                .hasSizeGreaterThan(14);
    }

    @Test
    void a_hashed_pool_is_given_out_to_the_last_address() {
        Scene small = new Scene(new Setting().pool(FIRST, 10).hashed());
        List<String> offers = new ArrayList<>();
        for (int i = 1; i <= 11; i++) {
            offers.add(small.hears(discover(String.format("02-00-00-00-01-%02X", i))));
        }
        assertThat(offers).doesNotHaveDuplicates().endsWith("SILENCE POOL_EXHAUSTED");
    }
}
