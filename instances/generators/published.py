def council_figures(*a):
    raise NotImplementedError
