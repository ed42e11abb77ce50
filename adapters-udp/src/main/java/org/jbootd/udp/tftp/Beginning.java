package org.jbootd.udp.tftp;

import java.util.List;
import java.util.OptionalLong;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.transfer.Negotiation;
import org.jbootd.domain.transfer.TransferError;
import org.jbootd.domain.transfer.TransferMode;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.domain.transfer.TransferTerms;

/** An admitted request whose file is being opened. Threads may share it. */
record Beginning(
        Ticket ticket, TransferPort port, TransferMode mode, List<TransferOption> options, Negotiation negotiation) {

    /** The transfer begins. Takes over {@code file}. */
    void with(OpenFile file) {
        boolean octet = mode == TransferMode.OCTET;
        OptionalLong size = octet ? OptionalLong.of(file.size()) : OptionalLong.empty();
        TransferTerms terms = negotiation.agree(options, size);
        port.execute(() -> begin(file, terms));
    }

    private void begin(OpenFile opened, TransferTerms terms) {
        SharedFile file = port.shelf().share(opened, terms.blockSize());
        Blocks blocks = mode == TransferMode.OCTET
                ? new OctetBlocks(file, terms.blockSize())
                : new NetasciiBlocks(file, terms.blockSize(), terms.windowSize());
        Delivery delivery = new Delivery(port, ticket, file, blocks, terms);
        Admissions admissions = ticket.admissions();
        if (port.add(delivery)) {
            admissions.loop().execute(() -> ticket.delivers(delivery));
            delivery.start();
        } else {
            file.leave();
            admissions.loop().execute(() -> admissions.remove(ticket));
        }
    }

    /** There is no file: the client is told {@code error}, which is returned. */
    TransferError without(TransferError error) {
        port.execute(() -> port.sendError(ticket.client(), error));
        Admissions admissions = ticket.admissions();
        admissions.loop().execute(() -> admissions.remove(ticket));
        return error;
    }
}
