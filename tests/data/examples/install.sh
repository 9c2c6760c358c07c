scripts/install-deps build
make
sudo make install PREFIX=/usr
