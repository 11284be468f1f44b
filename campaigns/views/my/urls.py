"""The members' area: /my/ and what belongs to it."""

from django.urls import path

from campaigns.views.my import inbox, many, office, offices, paying, people, stopping

urlpatterns = [
    path("my/", offices.offices, name="my"),
    path("my/apply/", many.apply, name="my-apply"),
    path("my/applied/<str:key>/", many.applied, name="my-applied"),
    path("my/claim/", people.claim, name="my-claim"),
    path("my/<str:number>/", office.office, name="my-office"),
    path("my/<str:number>/looks/", office.looks, name="my-looks"),
    path("my/<str:number>/stop/", stopping.stop, name="my-stop"),
    path("my/<str:number>/stop/send/", stopping.stop_send, name="my-stop-send"),
    path("my/<str:number>/stop/done/", stopping.stop_done, name="my-stop-done"),
    path("my/<str:number>/stop/withdraw/", stopping.stop_withdraw, name="my-stop-withdraw"),
    path("my/<str:number>/reservation/withdraw/", paying.reservation_withdraw, name="my-reservation-withdraw"),
    path("my/<str:number>/pay/", paying.pay, name="my-pay"),
    path("my/<str:number>/members/", people.members, name="my-members"),
    path("my/<str:number>/members/invite/", people.invite, name="my-invite"),
    path("my/<str:number>/members/<int:user_id>/remove/", people.member_remove, name="my-member-remove"),
    path("my/<str:number>/members/<int:user_id>/hand-over/", people.hand_over, name="my-hand-over"),
    path("my/<str:number>/invitations/<int:pk>/withdraw/", people.invitation_withdraw, name="my-invitation-withdraw"),
    path("my/<str:number>/notices/", people.notices, name="my-notices"),
    path("my/<str:number>/inbox/", inbox.inbox, name="my-inbox"),
    path("my/<str:number>/inbox/<int:pk>/", inbox.inbox_notice, name="my-inbox-notice"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
]
