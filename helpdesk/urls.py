from django.urls import URLPattern, URLResolver, path

from helpdesk.views import acts, calendar, contacts, inquiries, lookup, managing, office, paper, public

app_name = "helpdesk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lookup.home, name="home"),
    path("find/", lookup.lookup, name="find"),
    path("offices/<str:number>/", office.office, name="office"),
    path("offices/<str:number>/around/", office.around, name="around"),
    path("offices/<str:number>/imagine/", office.imagine, name="imagine"),
    path("offices/<str:number>/note/", office.note, name="note"),
    path("offices/<str:number>/call/", office.call, name="call"),
    path("offices/<str:number>/call-end/", office.call_end, name="call-end"),
    path("offices/<str:number>/act/manager/", managing.manager, name="manager"),
    path("offices/<str:number>/act/<str:what>/", acts.act, name="act"),
    path("offices/<str:number>/paper/", paper.paper, name="paper"),
    path("contacts/", contacts.log, name="contacts"),
    path("contacts/<int:pk>/done/", contacts.followed_up, name="followed-up"),
    path("follow-ups/", contacts.follow_ups, name="follow-ups"),
    path("provisional/", acts.provisional, name="provisional"),
    path("applications/<str:receipt>/prove/", acts.prove, name="prove"),
    path("applications/<str:receipt>/withdraw/", acts.provisional_withdraw, name="provisional-withdraw"),
    path("queue/", inquiries.queue, name="queue"),
    path("inquiries/<str:number>/", inquiries.inquiry, name="inquiry-page"),
    path("inquiries/<str:number>/act/", inquiries.inquiry_act, name="inquiry-act"),
    path("statistics/", inquiries.statistics, name="statistics"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:pk>/withdraw/", calendar.closing_day_withdraw, name="closing-day-withdraw"),
    path("inquiry/", public.ask, name="inquiry"),
    path("inquiry/send/", public.send, name="inquiry-send"),
    path("inquiry/mine/", public.mine, name="inquiry-mine"),
    path("inquiry/solved/", public.solved, name="inquiry-solved"),
    path("inquiry/done/<str:token>/", public.sent, name="inquiry-done"),
]
