sudo install -d /etc/app/filters.d
sudo install -m 0644 /usr/share/privsep-wrap/etc/rootwrap.conf /etc/app/
sudo install -m 0644 chown.filters /etc/app/filters.d/
sudo install -m 0440 app.sudoers /etc/sudoers.d/app
