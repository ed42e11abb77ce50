package org.jbootd.domain.exchange;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.BootItem;
import org.jbootd.domain.client.BootProtocol;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Subnet;

/**
 * Tells firmware what to boot, and leaves addresses to another server (PXE 2.1 §2.2.2: a proxyDHCP server and the boot
 * server behind it). It keeps nothing of any machine. Confined to one thread, the one that runs {@code loop}'s tasks;
 * what access control completes is moved on to it.
 */
public final class ProxyDesk implements BootService {

    /** What {@link #adopt} exchanges. */
    private record Policy(
            Map<String, Subnet> subnets, AccessControl access, BootPlanner planner, Optional<BootMenu> menu) {}

    /** What a retransmission has in common with the message it repeats; people may choose twice within one transaction. */
    private record Question(Transaction transaction, Optional<BootItem> item) {

        static Question of(ClientMessage message) {
            return new Question(
                    Transaction.of(message),
                    message instanceof ClientMessage.BootRequest boot ? boot.item() : Optional.empty());
        }
    }

    private final Executor loop;
    private final int exchangesInFlight;
    private final Map<Question, CompletableFuture<Answer>> inFlight = new HashMap<>();
    private Policy policy;

    /**
     * @param subnets the networks of machines that are served; their pools do not count
     * @param menu what people may choose from; without one machines just fetch the file that is planned for them
     * @param loop runs tasks on the thread that calls {@link #answer}, in the order in which they are handed over
     * @param exchangesInFlight how many messages may be worked on at once; more are {@link Reason#OVERLOADED}
     */
    public ProxyDesk(
            List<Subnet> subnets,
            AccessControl access,
            BootPlanner planner,
            Optional<BootMenu> menu,
            Executor loop,
            int exchangesInFlight) {
        this.loop = loop;
        this.exchangesInFlight = exchangesInFlight;
        adopt(subnets, access, planner, menu);
    }

    /** Goes on by other settings from the next message on; who waits for a verdict is asked about again. */
    public void adopt(List<Subnet> subnets, AccessControl access, BootPlanner planner, Optional<BootMenu> menu) {
        policy = new Policy(
                subnets.stream().collect(Collectors.toMap(Subnet::name, Function.identity())), access, planner, menu);
    }

    @Override
    public CompletionStage<Answer> answer(ClientMessage message) {
        boolean asksForBoot =
                message instanceof ClientMessage.BootDiscover || message instanceof ClientMessage.BootRequest;
        Optional<Answer.Silence> refusal = asksForBoot ? refusal(message.request()) : Optional.of(left(message));
        if (refusal.isPresent()) {
            return CompletableFuture.completedStage(refusal.get());
        }
        Question question = Question.of(message);
        CompletableFuture<Answer> same = inFlight.get(question);
        if (same != null) {
            return same;
        }
        if (inFlight.size() >= exchangesInFlight) {
            return CompletableFuture.completedStage(
                    new Answer.Silence(Reason.OVERLOADED, inFlight.size() + " exchanges in flight"));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        inFlight.put(question, answer);
        ask(question, message);
        return answer;
    }

    /** An answer of ours would take the place of the other server's, or confuse a machine that has one. */
    private Answer.Silence left(ClientMessage message) {
        boolean ofAnotherServer = message instanceof ClientMessage.Select select
                && policy.subnets().values().stream()
                        .noneMatch(subnet -> subnet.server().equals(select.server()));
        return new Answer.Silence(ofAnotherServer ? Reason.NOT_OUR_SERVER : Reason.LEFT_TO_DHCP, "");
    }

    private Optional<Answer.Silence> refusal(Request request) {
        if (!policy.subnets().containsKey(request.subnet())) {
            return Optional.of(new Answer.Silence(Reason.NO_SUBNET, "no subnet is called " + request.subnet()));
        }
        return request.client().hardware().octets().length() == 0
                ? Optional.of(new Answer.Silence(Reason.MALFORMED, "no hardware address"))
                : Optional.empty();
    }

    private void ask(Question question, ClientMessage message) {
        Policy asked = policy;
        Admission.ask(asked.access(), message.request())
                .handleAsync(
                        (verdict, failure) -> {
                            admit(question, message, asked, verdict, failure);
                            return null;
                        },
                        loop)
                .exceptionally(failure -> {
                    finish(question, ExchangesInFlight.notCarriedOut(failure));
                    return null;
                });
    }

    private void admit(Question question, ClientMessage message, Policy asked, Verdict verdict, Throwable failure) {
        if (asked != policy) {
            ask(question, message);
        } else if (verdict instanceof Verdict.Granted) {
            finish(question, decide(message));
        } else {
            finish(question, Admission.refusal(verdict, failure));
        }
    }

    private void finish(Question question, Answer answer) {
        inFlight.remove(question).complete(answer);
    }

    private Answer decide(ClientMessage message) {
        Request request = message.request();
        Optional<Answer.Silence> refusal = refusal(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        BootPlan plan = Replies.plan(policy.planner(), request);
        if (message instanceof ClientMessage.BootDiscover discover) {
            Answer.BootInformation boot = information(request, discover.protocol(), plan);
            return isNothing(boot) ? nothingToBoot() : new Answer.ProxyOffer(boot);
        }
        if (message instanceof ClientMessage.BootRequest boot) {
            return acknowledge(boot, information(request, BootProtocol.PXE, plan));
        }
        throw new AssertionError("unknown message " + message);
    }

    private Answer.BootInformation information(Request request, BootProtocol protocol, BootPlan plan) {
        Optional<BootMenu> menu = protocol == BootProtocol.PXE
                ? policy.menu()
                        .filter(all -> all.forBootLoaders() || request.stage() != BootStage.BOOT_LOADER)
                        .flatMap(all -> all.fitting(plan))
                : Optional.empty();
        return new Answer.BootInformation(policy.subnets().get(request.subnet()), protocol, plan, menu);
    }

    /** A machine that was told of no menu may only ask the bootstrap server, for what it boots anyway. */
    private static Answer acknowledge(ClientMessage.BootRequest message, Answer.BootInformation boot) {
        if (message.item().isEmpty()) {
            return isNothing(boot) ? nothingToBoot() : new Answer.ProxyAck(message.address(), boot, Optional.empty());
        }
        BootItem item = message.item().get();
        Optional<BootPlan> chosen = boot.menu().isPresent()
                ? boot.menu().get().choose(item, boot.plan())
                : Optional.of(boot.plan()).filter(plan -> item.equals(new BootItem(0, 0)));
        if (chosen.isEmpty()) {
            return new Answer.Silence(Reason.NO_SUCH_ITEM, "type " + item.type() + ", layer " + item.layer());
        }
        Answer.BootInformation what =
                new Answer.BootInformation(boot.subnet(), boot.protocol(), chosen.get(), Optional.empty());
        return isNothing(what) ? nothingToBoot() : new Answer.ProxyAck(message.address(), what, message.item());
    }

    private static boolean isNothing(Answer.BootInformation boot) {
        return boot.plan().bootFile().isEmpty() && boot.menu().isEmpty();
    }

    private static Answer.Silence nothingToBoot() {
        return new Answer.Silence(Reason.NOTHING_TO_BOOT, "");
    }
}
