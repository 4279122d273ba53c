package vkernel.guest.fs.vfs;

import vkernel.kern.Kernel;

/** The parts of vfs, at work on one tree. */
final class Chapters {
    final Tree tree;
    final PipeEnds pipeEnds;
    final MountPoints points;
    final Mounting mounting;
    final Locks locks;
    final Leases leases;
    final Opens opens;
    final Io io;
    final NewNames newNames;
    final OldNames oldNames;
    final Renames renames;
    final Attributes attributes;
    final Xattrs xattrs;
    final PathNames pathNames;

    Chapters(Kernel kernel, Tree tree) {
        this.tree = tree;
        points = new MountPoints(tree);
        mounting = new Mounting(tree, points);
        locks = new Locks(tree);
        leases = new Leases(kernel);
        opens = new Opens(tree, locks, leases, points);
        io = new Io(kernel);
        newNames = new NewNames(tree);
        oldNames = new OldNames(tree);
        renames = new Renames(tree);
        attributes = new Attributes(kernel, io, leases);
        xattrs = new Xattrs(kernel);
        pathNames = new PathNames(tree);
        PipeOps pipes = new PipeOps(tree);
        pipeEnds = pipes.ends();
        tree.pipes.fill(pipes);
        tree.nameless.fill(new Nameless());
    }
}
