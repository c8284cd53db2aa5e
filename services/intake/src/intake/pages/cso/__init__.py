"""The CSO desk's pages below ``/desk/cso``: calls, questions, a supervisor's list, quality. Words and templates of its
own beside it."""
