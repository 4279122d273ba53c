package vkernel.guest.fs.ext;

import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.FileSystemType;
import vkernel.kern.Kernel;

/** The name {@code ext3}. */
@Component(service = FileSystemType.class, property = "fs=ext3", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=ext3")
public final class Ext3 extends Elder {
    @Activate
    public Ext3(@Reference Kernel kernel) {
        super(kernel, "ext3");
    }
}
