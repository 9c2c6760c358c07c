sudo -n privsep-wrap /etc/app/rootwrap.conf chown svc /var/lib/app/disk.img
