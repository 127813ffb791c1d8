"""What people write and send is cleaned once, at the door; staff pass by the same door.

Words on one line, texts of many lines, Markdown, links, pictures: one file each, all pure. They
are called where threads wait anyway (views and services run in threads), never in the loop that
serves sockets. Deliberately absent: HTML as input, images by address, a list of bad words.
"""
