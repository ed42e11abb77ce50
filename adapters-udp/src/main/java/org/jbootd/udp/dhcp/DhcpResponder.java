package org.jbootd.udp.dhcp;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.History;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.MalformedPacket;

/**
 * Takes a datagram all the way: decode, classify, ask for an answer, render, route. Every datagram has one outcome,
 * counted and logged; nothing that arrives makes it throw. For one thread, on which the answers complete too.
 */
final class DhcpResponder {

    /** Sends replies by the interface that the request came in. */
    @FunctionalInterface
    interface Outlet {
        /** @param own our address that the reply comes from */
        void send(Ipv4 own, ReplyRoute route, byte[] reply);
    }

    private final DhcpSettings settings;
    private final BootService service;
    private final DhcpCounters counters;
    private final OutcomeReport report;
    private final Classifier classifier;
    private final ReplyRenderer renderer;
    private final int maxInFlight;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private int inFlight;
    private boolean stopping;

    DhcpResponder(DhcpSettings settings, BootService service, DhcpCounters counters, OutcomeLog log, History history) {
        this.settings = settings;
        this.service = service;
        this.counters = counters;
        this.report = new OutcomeReport(counters, log, new RefusalRecord(history));
        this.classifier = new Classifier(settings);
        this.renderer = new ReplyRenderer(settings);
        this.maxInFlight = settings.inFlight();
    }

    void receive(byte[] datagram, Arrival arrival, Outlet outlet) {
        counters.countReceived();
        try {
            answer(DhcpPacket.decode(datagram), arrival, outlet);
        } catch (MalformedPacket e) {
            report.malformed(arrival, e.getMessage());
        } catch (RuntimeException | AssertionError e) {
            report.failure(arrival, e);
        }
    }

    private void answer(DhcpPacket request, Arrival arrival, Outlet outlet) {
        Exchange exchange = new Exchange(request, arrival, outlet);
        Classification classification = classifier.classify(request, arrival);
        if (classification instanceof Classification.Refused refused) {
            exchange.end(new Answer.Silence(refused.reason(), refused.detail()));
        } else if (stopping) {
            exchange.end(new Answer.Silence(Reason.STOPPING, ""));
        } else if (inFlight >= maxInFlight) {
            exchange.end(new Answer.Silence(Reason.OVERLOADED, maxInFlight + " requests wait for their answers"));
        } else {
            exchange.ask(((Classification.Understood) classification).message());
        }
    }

    /** Takes no new requests any more; completes when those under way have had their answers. */
    CompletionStage<Void> drain() {
        stopping = true;
        completeWhenIdle();
        return idle;
    }

    private void completeWhenIdle() {
        if (stopping && inFlight == 0) {
            idle.complete(null);
        }
    }

    private final class Exchange {

        private final DhcpPacket request;
        private final Arrival arrival;
        private final Outlet outlet;
        private Optional<String> subnet = Optional.empty();

        Exchange(DhcpPacket request, Arrival arrival, Outlet outlet) {
            this.request = request;
            this.arrival = arrival;
            this.outlet = outlet;
        }

        void ask(ClientMessage message) {
            subnet = Optional.of(message.request().subnet());
            CompletionStage<Answer> stage = service.answer(message);
            inFlight++;
            stage.whenComplete((answer, failure) -> {
                inFlight--;
                finish(answer, failure);
                completeWhenIdle();
            });
        }

        private void finish(Answer answer, Throwable failure) {
            if (failure != null) {
                report.failure(arrival, failure);
                return;
            }
            try {
                end(answer);
            } catch (RuntimeException | AssertionError e) {
                report.failure(arrival, e);
            }
        }

        void end(Answer answer) {
            Optional<DhcpPacket> reply = renderer.render(request, answer);
            reply.ifPresent(packet -> outlet.send(own(packet), route(packet, answer), packet.encode()));
            report.outcome(request, arrival, subnet, answer);
        }

        /** The one that was asked; else the one that clients of that network know us by, which BOOTP does not tell. */
        private Ipv4 own(DhcpPacket reply) {
            return settings.isUnicast(arrival.destination())
                    ? arrival.destination()
                    : reply.options()
                            .address(OptionCode.SERVER_IDENTIFIER)
                            .orElse(arrival.via().address());
        }

        private ReplyRoute route(DhcpPacket reply, Answer answer) {
            return answer instanceof Answer.ProxyAck
                    ? new ReplyRoute.Sender(arrival.source(), arrival.sourcePort())
                    : ReplyRoute.of(ReplyRoute.Facts.of(reply));
        }
    }
}
