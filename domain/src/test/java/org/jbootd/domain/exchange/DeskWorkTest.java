package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.FIRST;
import static org.jbootd.domain.exchange.Scene.LEASE_TIME;
import static org.jbootd.domain.exchange.Scene.SECOND;
import static org.jbootd.domain.exchange.Scene.SELF;
import static org.jbootd.domain.exchange.Scene.bootp;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.firmware;
import static org.jbootd.domain.exchange.Scene.inform;
import static org.jbootd.domain.exchange.Scene.release;
import static org.jbootd.domain.exchange.Scene.renew;
import static org.jbootd.domain.exchange.Scene.request;
import static org.jbootd.domain.exchange.Scene.select;
import static org.jbootd.domain.exchange.Scene.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;

/** How the desk works on many messages at once, with ports that are slow, silent or broken. */
class DeskWorkTest {

    private final List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();

    @Test
    void a_retransmission_joins_the_exchange_in_flight() {
        Scene scene = slowAccess(new Setting());
        var first = scene.say(discover(ANNA));
        var second = scene.say(discover(ANNA));
        assertThat(verdicts).hasSize(1);
        verdicts.get(0).complete(Verdict.GRANTED);
        scene.run();
        assertThat(List.of(text(first), text(second))).containsOnly("OFFER " + FIRST);
    }

    @Test
    void a_retransmission_joins_the_commit_in_flight() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        var first = scene.say(select(ANNA, FIRST));
        var second = scene.say(select(ANNA, FIRST));
        assertThat(scene.store.waiting()).isEqualTo(1);
        letGo(scene);
        assertThat(List.of(text(first), text(second))).containsOnly("ACK " + FIRST + " 3600");
        assertThat(scene.store.kinds()).containsExactly(Kind.BOUND);
    }

    @Test
    void copies_through_two_relays_are_one_exchange() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        scene.say(new ClientMessage.Select(relayed("10.0.0.3"), SELF, Ipv4.parse(FIRST)));
        scene.say(new ClientMessage.Select(relayed("10.0.0.4"), SELF, Ipv4.parse(FIRST)));
        assertThat(scene.store.waiting()).isEqualTo(1);
    }

    @Test
    void a_client_that_asks_for_something_else_meanwhile_waits_its_turn() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        var bound = scene.say(select(ANNA, FIRST));
        var released = scene.say(release(ANNA, FIRST));
        var other = scene.say(select(ANNA, SECOND));
        var renewed = scene.say(renew(ANNA, FIRST));
        assertThat(scene.store.waiting()).isEqualTo(1);
        letGo(scene);
        assertThat(List.of(text(bound), text(released), text(other), text(renewed)))
                .containsExactly(
                        "ACK " + FIRST + " 3600", "SILENCE DONE", "NAK WRONG_ADDRESS", "ACK " + FIRST + " 3600");
        assertThat(scene.store.kinds()).containsExactly(Kind.BOUND, Kind.RELEASED, Kind.BOUND);
    }

    @Test
    void who_loses_an_address_waits_until_that_is_certain() {
        Scene scene = new Scene(new Setting().pool(FIRST, 1));
        scene.say(select(ANNA, FIRST));
        scene.say(release(ANNA, FIRST));
        scene.store.hold();
        var bert = scene.say(select(BERT, FIRST));
        var anna = scene.say(renew(ANNA, FIRST));
        scene.store.failing(true);
        letGo(scene);
        scene.store.failing(false);
        assertThat(List.of(text(bert), text(anna)))
                .containsExactly("SILENCE STORE_UNAVAILABLE", "SILENCE STORE_UNAVAILABLE");
        assertThat(scene.hears(renew(ANNA, FIRST))).isEqualTo("ACK " + FIRST + " 3600");
    }

    @Test
    void a_slow_authority_delays_only_its_own_client() {
        Scene scene = new Scene(new Setting());
        CompletableFuture<Verdict> slow = new CompletableFuture<>();
        scene.access = request -> request.client().hardware().equals(HardwareAddress.parse(ANNA))
                ? slow
                : CompletableFuture.completedStage(Verdict.GRANTED);
        var anna = scene.say(discover(ANNA));
        assertThat(scene.hears(discover(BERT))).isEqualTo("OFFER " + FIRST);
        slow.complete(Verdict.GRANTED);
        scene.run();
        assertThat(text(anna)).isEqualTo("OFFER " + SECOND);
    }

    @Test
    void a_slow_disk_never_makes_an_ack_promise_more_than_is_stored() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        var ack = scene.say(select(ANNA, FIRST));
        scene.now = scene.now.plus(LeaseStore.PATIENCE);
        letGo(scene);
        Answer.Ack told = (Answer.Ack) ack.join();
        Lease lease = scene.store.load().get(0);
        assertThat(scene.now.plus(told.terms().leaseTime())).isBeforeOrEqualTo(lease.until());
        assertThat(told.terms().leaseTime())
                .isGreaterThan(LEASE_TIME.minus(LeaseStore.PATIENCE).minusSeconds(1));
    }

    @Test
    void what_takes_longer_than_a_machine_waits_is_stored_and_acknowledged_when_it_asks_again() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        var late = scene.say(select(ANNA, FIRST));
        scene.now = scene.now.plus(LeaseStore.PATIENCE).plusMillis(1);
        letGo(scene);
        assertThat(text(late)).isEqualTo("SILENCE STORE_UNAVAILABLE");
        assertThat(scene.store.kinds()).containsExactly(Kind.BOUND);
        assertThat(scene.hears(select(ANNA, FIRST))).startsWith("ACK " + FIRST);
    }

    @Test
    void a_machine_waits_as_long_again_for_what_it_repeats() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        var first = scene.say(select(ANNA, FIRST));
        scene.now = scene.now.plusSeconds(3);
        var copy = scene.say(select(ANNA, FIRST));
        scene.now = scene.now.plusSeconds(3);
        letGo(scene);
        assertThat(List.of(text(first), text(copy))).allMatch(answer -> answer.startsWith("ACK " + FIRST));
    }

    /** Each decision takes its time: what waits for two of them waits no longer for that. */
    @Test
    void what_waits_for_what_is_stored_of_its_machine_before_waits_no_longer_than_that_does() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        scene.say(select(ANNA, FIRST));
        var renewal = scene.say(renew(ANNA, FIRST));
        scene.now = scene.now.plus(LeaseStore.PATIENCE).plusMillis(1);
        letGo(scene);
        assertThat(text(renewal)).isEqualTo("SILENCE STORE_UNAVAILABLE");
        assertThat(scene.store.kinds()).as("it was not even tried").containsExactly(Kind.BOUND);
    }

    @Test
    void of_what_a_machine_asks_again_and_again_only_the_last_waits() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        scene.say(select(ANNA, FIRST));
        List<CompletableFuture<Answer>> renewals = new ArrayList<>();
        for (int xid = 1; xid <= 5; xid++) {
            renewals.add(scene.say(new ClientMessage.Renew(
                    Scene.request(ANNA, BootStage.OPERATING_SYSTEM, "lan", xid), Ipv4.parse(FIRST))));
        }
        assertThat(renewals.subList(0, 4))
                .allSatisfy(outdated -> assertThat(text(outdated)).isEqualTo("SILENCE OVERLOADED"));
        assertThat(renewals.get(4)).isNotDone();
        letGo(scene);
        assertThat(text(renewals.get(4))).startsWith("ACK " + FIRST);
    }

    @Test
    void a_lease_that_was_over_before_it_was_on_disk_is_not_told() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        var answer = scene.say(select(ANNA, FIRST));
        scene.now = scene.now.plus(LEASE_TIME.plusSeconds(5));
        letGo(scene);
        assertThat(text(answer)).isEqualTo("SILENCE STORE_UNAVAILABLE");
    }

    @Test
    void what_is_stored_is_never_less_than_what_was_told() {
        Scene scene = new Scene(new Setting());
        for (int millis = 0; millis < 5000; millis += 7) {
            scene.now = Scene.START.plusMillis(millis).plusNanos(123_456);
            Answer.Ack told = (Answer.Ack) scene.say(select(ANNA, FIRST)).join();
            assertThat(scene.store.load().get(0).until())
                    .isAfterOrEqualTo(scene.now.plus(told.terms().leaseTime()));
            assertThat(told.terms().leaseTime()).isEqualTo(LEASE_TIME);
        }
    }

    @Test
    void beyond_the_bound_there_is_silence_until_something_is_finished() {
        Scene scene = slowAccess(new Setting().exchangesInFlight(2));
        scene.say(discover(ANNA));
        scene.say(discover(BERT));
        assertThat(scene.hears(discover(CARL))).isEqualTo("SILENCE OVERLOADED");
        assertThat(scene.hears(discover(ANNA))).as("a copy costs nothing").isEqualTo("...");
        verdicts.get(0).complete(Verdict.GRANTED);
        scene.run();
        assertThat(scene.hears(discover(CARL))).isEqualTo("...");
    }

    @Test
    void a_stopping_desk_finishes_what_it_began_and_begins_nothing() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        var ack = scene.say(select(ANNA, FIRST));
        var stopped = scene.desk.stop().toCompletableFuture();
        assertThat(scene.hears(discover(BERT))).isEqualTo("SILENCE STOPPING");
        assertThat(scene.hears(select(ANNA, FIRST))).as("a copy").isEqualTo("...");
        assertThat(stopped).isNotDone();
        letGo(scene);
        assertThat(text(ack)).isEqualTo("ACK " + FIRST + " 3600");
        assertThat(stopped).isCompleted();
        assertThat(scene.desk.stop().toCompletableFuture()).isCompleted();
    }

    @Test
    void no_verdict_no_reply() {
        Scene scene = new Scene(new Setting());
        scene.access = request -> CompletableFuture.failedStage(new IllegalStateException("no route"));
        assertThat(scene.hears(discover(ANNA))).isEqualTo("SILENCE NO_VERDICT");
        scene.access = request -> CompletableFuture.completedStage(null);
        assertThat(scene.hears(discover(ANNA))).isEqualTo("SILENCE NO_VERDICT");
        scene.access = request -> null;
        assertThat(scene.hears(discover(ANNA))).isEqualTo("SILENCE NO_VERDICT");
        scene.access = request -> {
            throw new IllegalStateException("broken");
        };
        assertThat(scene.hears(inform(ANNA, FIRST))).isEqualTo("SILENCE NO_VERDICT");
    }

    @Test
    void listeners_hear_of_what_is_on_disk() {
        Scene scene = new Scene(new Setting());
        scene.access = request ->
                CompletableFuture.completedStage(new Verdict.Granted(Optional.empty(), Optional.of("node1")));
        scene.say(discover(ANNA));
        assertThat(scene.events).as("an offer is nothing yet").isEmpty();
        scene.store.hold();
        var ack = scene.say(select(ANNA, FIRST));
        assertThat(scene.events).as("not stored yet").isEmpty();
        letGo(scene);
        assertThat(text(ack)).isEqualTo("ACK " + FIRST + " 3600");
        scene.say(inform(ANNA, FIRST));
        scene.access = AccessControl.EVERYBODY;
        scene.say(renew(ANNA, FIRST));
        scene.say(release(BERT, FIRST));
        scene.say(release(ANNA, FIRST));
        scene.say(bootp(BERT));
        assertThat(scene.events)
                .extracting(DeskWorkTest::told)
                .containsExactly(
                        "given " + FIRST + " node1", "given " + FIRST, "released " + FIRST, "given 10.0.0.101");
    }

    private static String told(MachineEvent event) {
        return event instanceof MachineEvent.Given given
                ? "given " + given.address()
                        + given.file().map(file -> " " + file).orElse("")
                : "released " + event.address();
    }

    @Test
    void listeners_hear_before_the_answer_and_again_when_it_and_all_that_it_sets_going_are_done() {
        Scene scene = new Scene(new Setting());
        List<String> order = new ArrayList<>();
        Runnable look =
                () -> order.add(scene.events.size() + " told, " + scene.answered.size() + " told of as answered");
        scene.desk.answer(select(ANNA, FIRST)).thenRun(() -> {
            look.run();
            scene.loop.add(look); // as a socket is flushed
        });
        scene.run();
        look.run();
        assertThat(order)
                .containsExactly(
                        "1 told, 0 told of as answered",
                        "1 told, 0 told of as answered",
                        "1 told, 1 told of as answered");
        assertThat(scene.answered).isEqualTo(scene.events);
    }

    @Test
    void a_retransmission_that_joins_is_told_of_once_and_one_that_comes_later_again() {
        Scene scene = new Scene(new Setting());
        scene.store.hold();
        scene.say(select(ANNA, FIRST));
        scene.say(select(ANNA, FIRST));
        letGo(scene);
        assertThat(scene.answered).hasSize(1);
        scene.say(select(ANNA, FIRST));
        assertThat(scene.answered).hasSize(2);
    }

    @Test
    void what_nobody_is_asked_about_changes_nothing_of_who_the_machine_is() {
        Ipv4 first = Ipv4.parse(FIRST);
        for (ClientMessage forged : List.of(
                new ClientMessage.Release(firmware(ANNA), Optional.of(SELF), first),
                new ClientMessage.Decline(firmware(ANNA), Optional.of(SELF), first))) {
            Scene scene = new Scene(new Setting());
            assertThat(scene.hears(select(ANNA, FIRST))).startsWith("ACK");
            assertThat(scene.hears(forged)).isEqualTo("SILENCE DONE");

            Lease left = scene.store.load().get(0);
            assertThat(left.client()).isEqualTo(Scene.plain(ANNA).client());
            assertThat(left.networkBooted()).isFalse();
        }
    }

    @Test
    void the_uuid_that_firmware_told_is_told_of_the_operating_system_even_after_a_restart() {
        Scene scene = new Scene(new Setting());
        scene.say(new ClientMessage.Select(firmware(ANNA), SELF, Ipv4.parse(FIRST)));
        scene.start();
        scene.say(renew(ANNA, FIRST));
        scene.say(release(ANNA, FIRST));
        assertThat(scene.answered)
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.request().client().uuid()).contains(Scene.ANNAS_UUID));
    }

    @Test
    void who_is_refused_or_not_stored_is_no_news() {
        Scene scene = new Scene(new Setting());
        scene.store.failing(true);
        scene.say(select(ANNA, FIRST));
        scene.say(select(ANNA, "10.9.9.9"));
        scene.access = request -> CompletableFuture.completedStage(new Verdict.Denied("no"));
        scene.say(select(ANNA, FIRST));
        assertThat(scene.events).isEmpty();
    }

    @Test
    void the_address_of_a_machine_is_known_when_access_is_decided() {
        Scene scene = new Scene(new Setting());
        scene.play(List.of(boots(ANNA, FIRST)));
        scene.say(discover(ANNA));
        assertThat(scene.asked)
                .extracting(Request::address)
                .containsExactly(Optional.empty(), Optional.empty(), Optional.of(Ipv4.parse(FIRST)));
    }

    @Test
    void a_verdict_is_asked_for_each_exchange() {
        Scene scene = new Scene(new Setting());
        scene.say(discover(ANNA));
        scene.say(discover(ANNA));
        scene.say(select(ANNA, FIRST));
        assertThat(scene.asked).hasSize(3);
    }

    @Test
    void a_store_that_throws_costs_the_ack_only() {
        Scene scene = new Scene(new Setting());
        Desk desk = deskWith(scene, new BrokenStore(null));
        assertThat(heard(scene, desk, select(ANNA, FIRST))).isEqualTo("SILENCE STORE_UNAVAILABLE");
        assertThat(heard(scene, desk, discover(ANNA))).isEqualTo("OFFER " + FIRST);
        Desk other = deskWith(scene, new BrokenStore(new IllegalStateException("broken")));
        assertThat(heard(scene, other, select(ANNA, FIRST))).isEqualTo("SILENCE STORE_UNAVAILABLE");
        assertThat(heard(scene, other, discover(BERT))).isEqualTo("OFFER " + FIRST);
    }

    @Test
    void a_planner_that_throws_costs_the_boot_file_only() {
        Scene scene = new Scene(new Setting());
        scene.planner = request -> {
            throw new IllegalStateException("broken");
        };
        Answer.Offer offer = (Answer.Offer) scene.say(discover(ANNA)).join();
        assertThat(offer.terms().plan()).isEqualTo(BootPlan.NOTHING);
    }

    @Test
    void a_loop_that_takes_nothing_any_more_means_silence() {
        Scene scene = new Scene(new Setting());
        Desk desk = new Desk(
                scene.book,
                scene.access,
                scene.planner,
                scene.store,
                () -> scene.now,
                task -> {
                    throw new RejectedExecutionException("stopped");
                },
                Desk.Settings.of(true));
        assertThat(heard(scene, desk, discover(ANNA))).isEqualTo("SILENCE STOPPING");
        assertThat(desk.stop().toCompletableFuture()).isCompleted();
    }

    @Test
    void a_machine_without_a_hardware_address_is_not_served() {
        Scene scene = new Scene(new Setting());
        Request nobody = withIdentity(ClientIdentity.of(HardwareAddress.ethernet(Octets.EMPTY)), Optional.empty());
        assertThat(scene.hears(new ClientMessage.Discover(nobody, Optional.empty())))
                .isEqualTo("SILENCE MALFORMED");
    }

    @Test
    void the_verdict_and_the_plan_go_into_the_answer() {
        Scene scene = new Scene(new Setting());
        BootPlan plan = new BootPlan(Optional.of("pxelinux.0"), Optional.of(42L));
        scene.planner = request -> plan;
        scene.access = request ->
                CompletableFuture.completedStage(new Verdict.Granted(Optional.of("node-7"), Optional.empty()));
        Answer.Ack ack = (Answer.Ack) scene.say(select(ANNA, FIRST)).join();
        assertThat(ack.terms().plan()).isEqualTo(plan);
        assertThat(ack.terms().hostName()).contains("node-7");
        Answer.InformAck informed =
                (Answer.InformAck) scene.say(inform(ANNA, FIRST)).join();
        assertThat(informed.plan()).isEqualTo(plan);
        assertThat(informed.hostName()).contains("node-7");
    }

    @Test
    void a_lease_links_what_was_ever_said_of_its_machine() {
        Scene scene = new Scene(new Setting());
        scene.say(new ClientMessage.Select(firmware(ANNA), SELF, Ipv4.parse(FIRST)));
        Request system = withIdentity(
                new ClientIdentity(HardwareAddress.parse(ANNA), Optional.of(Octets.parseHex("ff01")), Optional.empty()),
                Optional.of("anna"));
        scene.say(new ClientMessage.Renew(system, Ipv4.parse(FIRST)));
        scene.now = scene.now.plusSeconds(60);
        scene.say(renew(ANNA, FIRST));
        Lease lease = scene.store.load().get(0);
        assertThat(lease.client().uuid()).contains(Scene.ANNAS_UUID);
        assertThat(lease.client().clientIdentifier()).contains(Octets.parseHex("ff01"));
        assertThat(lease.hostName()).contains("anna");
        assertThat(lease.networkBooted()).isTrue();
        assertThat(lease.since()).isEqualTo(scene.now);
    }

    private Scene slowAccess(Setting setting) {
        Scene scene = new Scene(setting);
        scene.access = request -> {
            verdicts.add(new CompletableFuture<>());
            return verdicts.get(verdicts.size() - 1);
        };
        return scene;
    }

    @Test
    void why_a_lease_was_not_stored_is_told_in_the_words_of_the_store() {
        Scene scene = new Scene(new Setting());
        StoreUnavailable full = new StoreUnavailable("store a lease: the disk is full", null);
        Desk desk = deskWith(scene, new BrokenStore(new CompletionException(full)));
        CompletionStage<Answer> answer = desk.answer(select(ANNA, FIRST));
        scene.run();
        assertThat(answer.toCompletableFuture())
                .isCompletedWithValue(new Answer.Silence(Reason.STORE_UNAVAILABLE, "store a lease: the disk is full"));
    }

    private static void letGo(Scene scene) {
        scene.store.letGo();
        scene.run();
    }

    private static Request relayed(String relay) {
        Request direct = request(ANNA, BootStage.OPERATING_SYSTEM, "lan", 5);
        return new Request(
                direct.xid(),
                direct.client(),
                direct.stage(),
                direct.subnet(),
                Ipv4.parse(relay),
                List.of(),
                Optional.empty(),
                Optional.of(Octets.of((byte) 1)));
    }

    private static Request withIdentity(ClientIdentity client, Optional<String> hostName) {
        return new Request(
                9, client, BootStage.OPERATING_SYSTEM, "lan", Ipv4.UNSPECIFIED, List.of(), hostName, Optional.empty());
    }

    private static Desk deskWith(Scene scene, LeaseStore store) {
        scene.book = new LeaseBook(List.of(scene.setting.lan()), List.of());
        return new Desk(
                scene.book,
                scene.access,
                scene.planner,
                store,
                () -> scene.now,
                scene.loop::add,
                Desk.Settings.of(true));
    }

    private static String heard(Scene scene, Desk desk, ClientMessage message) {
        CompletionStage<Answer> answer = desk.answer(message);
        scene.run();
        return text(answer.toCompletableFuture());
    }

    /** A store that throws, or that returns nothing at all. */
    private record BrokenStore(RuntimeException failure) implements LeaseStore {

        @Override
        public List<Lease> load() {
            return List.of();
        }

        @Override
        public Instant latest() {
            return Instant.EPOCH;
        }

        @Override
        public CompletionStage<Void> commit(List<LeaseChange> changes) {
            if (failure != null) {
                throw failure;
            }
            return null;
        }
    }
}
